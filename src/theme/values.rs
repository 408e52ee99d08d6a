//! What templates are filled with.

use std::marker::PhantomData;

use serde::{Serialize, Serializer};

/// Values by name, as a template sees them. Cheap to clone: values are shared.
#[derive(Debug, Clone, Default)]
pub struct Values(tera::Context);

impl Values {
    /// Adds a value.
    pub fn with(mut self, name: &'static str, value: &impl Serialize) -> Values {
        self.0.insert_value(name, shown(value));
        self
    }

    pub(super) fn context(&self) -> &tera::Context {
        &self.0
    }

    pub(super) fn into_context(self) -> tera::Context {
        self.0
    }
}

/// A value that was made ready for templates once, for all the pages that show it. To a template it is what `T` is.
#[derive(Debug)]
pub struct Ready<T>(tera::Value, PhantomData<T>);

impl<T: Serialize> Ready<T> {
    pub fn new(value: &T) -> Ready<T> {
        Ready(shown(value), PhantomData)
    }
}

impl<T> Clone for Ready<T> {
    fn clone(&self) -> Ready<T> {
        Ready(self.0.clone(), PhantomData)
    }
}

impl<T> Serialize for Ready<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
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

/// A value as templates see it; one that cannot be shown (a map whose keys are lists, say) is nothing.
fn shown(value: &impl Serialize) -> tera::Value {
    tera::Value::try_from_serializable(value).unwrap_or_else(|_| tera::Value::none())
}
