//! What templates are filled with.

use serde::{Serialize, Serializer};

/// Values by name, as a template sees them. Cheap to clone: values are shared.
#[derive(Debug, Clone, Default)]
pub struct Values(tera::Context);

impl Values {
    /// Adds a value; one that cannot be shown in a template (a map whose keys are lists, say) is seen as nothing.
    pub fn with(mut self, name: &'static str, value: &impl Serialize) -> Values {
        let value = tera::Value::try_from_serializable(value).unwrap_or_else(|_| tera::Value::none());
        self.0.insert_value(name, value);
        self
    }

    pub(super) fn context(&self) -> &tera::Context {
        &self.0
    }
}

/// HTML that is pasted as it is. Made by `load` from the user's Markdown or by a template, never from bare text.
#[derive(Debug, Clone, PartialEq)]
pub struct Markup(tera::Value);

impl Markup {
    pub fn new(html: &str) -> Markup {
        Markup(tera::Value::safe_string(html))
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str().unwrap_or_default()
    }
}

impl Default for Markup {
    fn default() -> Markup {
        Markup::new("")
    }
}

impl Serialize for Markup {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
