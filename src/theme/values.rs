//! What templates are filled with.

use std::marker::PhantomData;

use serde::{Serialize, Serializer, ser};

use super::problem::TemplateProblem;

/// Values by name, as a template sees them. Cheap to clone: values are shared.
#[derive(Debug, Clone, Default)]
pub struct Values {
    context: tera::Context,
    /// The first value that no template can show: a map whose keys are lists, say. Nothing is filled with it.
    problem: Option<TemplateProblem>,
}

impl Values {
    /// Adds a value.
    pub fn with(mut self, name: &'static str, value: &impl Serialize) -> Values {
        match tera::Value::try_from_serializable(value) {
            Ok(value) => self.context.insert_value(name, value),
            Err(error) => {
                let message = format!("no template can show the value `{name}`: {error}");
                self.problem.get_or_insert(TemplateProblem { message, span: None, help: None });
            }
        }
        self
    }

    pub(super) fn context(&self) -> Result<&tera::Context, TemplateProblem> {
        self.problem.clone().map_or(Ok(&self.context), Err)
    }

    pub(super) fn into_context(self) -> Result<tera::Context, TemplateProblem> {
        self.problem.map_or(Ok(self.context), Err)
    }
}

/// A value that was made ready for templates once, for all the pages that show it. To a template it is what `T` is.
#[derive(Debug)]
pub struct Ready<T>(Result<tera::Value, String>, PhantomData<T>);

impl<T: Serialize> Ready<T> {
    pub fn new(value: &T) -> Ready<T> {
        Ready(tera::Value::try_from_serializable(value).map_err(|error| error.to_string()), PhantomData)
    }
}

impl<T> Clone for Ready<T> {
    fn clone(&self) -> Ready<T> {
        Ready(self.0.clone(), PhantomData)
    }
}

impl<T> Serialize for Ready<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.as_ref().map_err(ser::Error::custom)?.serialize(serializer)
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
