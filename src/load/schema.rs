//! JSON Schema (2020-12) of the user's TOML, for editors: made from the lists of keys that the reader itself goes by.
//!
//! A TOML date-time is a string here, as the editors' TOML servers hand it to a validator. What needs the other files (whether a
//! server exists) is the reader's alone.

use serde_json::{Map, Value, json};

use super::keys::{self, Key, Shape};
use crate::words::texts_of_a_site;

/// Which of the user's texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Described {
    /// `site.toml`
    Site,
    /// `content/servers.toml`
    Servers,
    /// The front matter of a post.
    Post,
}

impl Described {
    pub const ALL: [Described; 3] = [Described::Site, Described::Servers, Described::Post];

    /// The word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Described::Site => "site",
            Described::Servers => "servers",
            Described::Post => "post",
        }
    }
}

/// The schema of a text, as an editor takes it.
pub fn schema(of: Described) -> Value {
    let (title, keys) = match of {
        Described::Site => ("site.toml of signalpost", keys::SITE),
        Described::Servers => ("content/servers.toml of signalpost", keys::SERVERS),
        Described::Post => ("Front matter of a post of signalpost", keys::POST),
    };
    let mut schema = Map::new();
    schema.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
    schema.insert("title".into(), title.into());
    schema.extend(table(keys));
    Value::Object(schema)
}

/// A table that holds these keys and no others.
fn table(keys: &[Key]) -> Map<String, Value> {
    let properties: Map<String, Value> = keys
        .iter()
        .map(|key| {
            let mut value = shape(key.shape);
            if !key.required && !is_text_or_table(key.shape) {
                value = object(json!({ "anyOf": [value, { "const": "" }] }));
            }
            value.insert("description".into(), key.about.into());
            (key.name.to_owned(), Value::Object(value))
        })
        .collect();
    let required: Vec<&str> = keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    let mut table = object(json!({ "type": "object", "properties": properties, "additionalProperties": false }));
    if !required.is_empty() {
        table.insert("required".into(), required.into());
    }
    table
}

/// An empty text stands for a key left out, as the forms of editors write it. As a text it is one anyway, and no form writes it for a table.
fn is_text_or_table(shape: Shape) -> bool {
    use Shape::{AnyTable, Interface, Table, Tables, Text, Texts};
    matches!(shape, Text | Texts | Table(_) | Tables(_) | Interface | AnyTable)
}

/// What [`super::times::from_text`] reads.
const TIME: &str = r"^\s*\d{4}-\d{2}-\d{2}[Tt ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([Zz]|UTC|utc|GMT|[+-]\d{2}:?\d{2})\s*$";

fn shape(shape: Shape) -> Map<String, Value> {
    let text = || json!({ "type": "string" });
    let time = || json!({ "type": "string", "pattern": TIME });
    object(match shape {
        Shape::Text => text(),
        Shape::Title => json!({ "type": "string", "pattern": r"\S" }),
        Shape::Form(form) => json!({ "type": "string", "pattern": form }),
        Shape::Texts => json!({ "anyOf": [text(), { "type": "array", "items": text() }] }),
        Shape::Boolean => json!({ "type": "boolean" }),
        Shape::Integer(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Shape::Time => time(),
        Shape::BooleanOrTime => json!({ "anyOf": [{ "type": "boolean" }, time()] }),
        Shape::Date => json!({ "type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$" }),
        Shape::Word(words) => json!({ "enum": words }),
        Shape::Words(words) => json!({ "anyOf": [{ "enum": words }, { "type": "array", "items": { "enum": words } }] }),
        Shape::WordByServer(words) => {
            json!({ "anyOf": [{ "enum": words }, { "type": "object", "additionalProperties": { "enum": words } }] })
        }
        Shape::Duration => json!({ "type": "string", "pattern": r"^\s*\d+\s*[mhd]\s*$" }),
        Shape::Table(keys) => Value::Object(table(keys)),
        Shape::Tables(keys) => json!({ "type": "array", "items": table(keys) }),
        Shape::Interface => interface(),
        Shape::AnyTable => json!({ "type": "object" }),
    })
}

/// The texts of the interface by their keys, as one key in quotes (`"status.operational"`) and in tables (`status.operational`), with
/// the English text of each; and the names of zones.
fn interface() -> Value {
    let mut words = json!({});
    for (key, english) in texts_of_a_site() {
        let text = json!({ "type": "string", "default": english });
        let mut place = &mut words;
        for part in key.split('.') {
            place["type"] = "object".into();
            place["additionalProperties"] = false.into();
            place = &mut place["properties"][part];
        }
        *place = text.clone();
        words["properties"][key] = text;
    }
    let text = json!({ "type": "string" });
    words["patternProperties"] = json!({ "^zone\\.": text });
    words["properties"]["zone"] = json!({ "type": "object", "additionalProperties": text });
    words
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::times::from_text;

    /// What a schema's validator says about a TOML text, as an editor would ask it.
    fn problems(of: Described, toml: &str) -> Vec<String> {
        let value: toml::Table = toml.parse().expect("the test's TOML is fine");
        let validator = jsonschema::draft202012::new(&schema(of)).expect("the schema is a schema");
        let problems: Vec<String> = validator.iter_errors(&json_of(&toml::Value::Table(value))).map(|error| error.to_string()).collect();
        problems
    }

    fn json_of(value: &toml::Value) -> Value {
        match value {
            toml::Value::Datetime(datetime) => datetime.to_string().into(),
            toml::Value::Array(items) => items.iter().map(json_of).collect(),
            toml::Value::Table(table) => table.iter().map(|(key, value)| (key.clone(), json_of(value))).collect::<Map<_, _>>().into(),
            toml::Value::String(text) => text.clone().into(),
            toml::Value::Integer(number) => (*number).into(),
            toml::Value::Float(number) => (*number).into(),
            toml::Value::Boolean(boolean) => (*boolean).into(),
        }
    }

    #[test]
    fn each_is_a_schema_by_the_metaschema() {
        for of in Described::ALL {
            assert!(jsonschema::draft202012::meta::is_valid(&schema(of)), "{of:?}");
        }
    }

    #[test]
    fn the_example_site_is_valid() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let read = |path: &std::path::Path| std::fs::read_to_string(path).expect("it can be read");
        assert_eq!(problems(Described::Site, &read(&root.join("site.toml"))), Vec::<String>::new());
        assert_eq!(problems(Described::Servers, &read(&root.join("content/servers.toml"))), Vec::<String>::new());
        let mut posts = 0;
        for entry in walkdir::WalkDir::new(root.join("content/posts")).into_iter().filter_map(Result::ok) {
            if entry.path().extension().is_some_and(|extension| extension == "md") {
                let text = read(entry.path());
                let front = text.split("+++").nth(1).expect("a post has front matter");
                assert_eq!(problems(Described::Post, front), Vec::<String>::new(), "{}", entry.path().display());
                posts += 1;
            }
        }
        assert!(posts > 30, "only {posts} posts were looked at");
    }

    #[test]
    fn a_slip_in_a_post_is_seen_by_the_editor() {
        assert_eq!(problems(Described::Post, "title = \"x\"\nstart = 2026-05-04T19:00:00Z"), Vec::<String>::new());
        for slip in [
            "server = \"nc023\"",
            "title = 42",
            "title = \"x\"\nsevrers = [\"nc023\"]",
            "title = \"x\"\nkind = \"incidnet\"",
            "title = \"x\"\nstart = 2026-05-04T19:00:00",
            "title = \"x\"\nend = \"tomorrow\"",
            "title = \"x\"\nimpact = { nc023 = \"bad\" }",
            "title = \"x\"\ntags = [1]",
            "title = \"x\"\npinned = \"yes\"",
        ] {
            assert_eq!(problems(Described::Post, slip).len(), 1, "{slip}: {:?}", problems(Described::Post, slip));
        }
    }

    #[test]
    fn one_text_is_a_list_as_it_is_to_the_reader() {
        assert_eq!(problems(Described::Post, "title = \"x\"\naliases = \"/old/\"\nserver = \"nc023\""), Vec::<String>::new());
        assert_eq!(problems(Described::Servers, "[[server]]\nid = \"nc023\"\naliases = \"relay\""), Vec::<String>::new());
    }

    #[test]
    fn a_time_in_quotes_is_what_the_reader_takes() {
        let mut taken = 0;
        for separator in ["T", "t", " ", "  ", "_"] {
            for clock in ["19:00", "9:00", "19:00:30", "19:00:30.5", "19:0", "19:00:3", "19.00", "19"] {
                for gap in ["", " ", "  "] {
                    for zone in ["Z", "z", "UTC", "utc", "GMT", "gmt", "CET", "+0200", "-02:00", "+02", "+2", "UTC+2", ""] {
                        let text = format!("2026-05-04{separator}{clock}{gap}{zone}");
                        let is_valid = problems(Described::Post, &format!("title = \"x\"\nstart = \"{text}\"")).is_empty();
                        assert_eq!(is_valid, from_text(&text).is_ok(), "{text}: {:?}", from_text(&text));
                        taken += usize::from(is_valid);
                    }
                }
            }
        }
        assert_eq!(taken, 3 * 4 * 3 * 7);
    }

    #[test]
    fn words_are_the_texts_that_the_reader_knows_in_each_form_that_it_takes() {
        let written = |words: &str| problems(Described::Site, &format!("title = 'x'\nbase_url = 'https://x.example'\n{words}"));
        for words in ["\"status.operational\" = 'OK'", "status.operational = 'OK'", "count.updates.few = '{n}'", ""] {
            assert_eq!(written(&format!("[words]\n{words}")), Vec::<String>::new(), "{words}");
        }
        assert_eq!(written("[words.status]\noperational = 'OK'"), Vec::<String>::new());
        for zone in ["\"zone.America/Sao_Paulo\" = 'São Paulo'", "zone.\"America/Sao_Paulo\" = 'São Paulo'"] {
            assert_eq!(written(&format!("[words]\n{zone}")), Vec::<String>::new(), "{zone}");
        }
        for words in ["\"status.operatonal\" = 'OK'", "status.operatonal = 'OK'", "status.operational = 1", "count.updates.several = '{n}'"]
        {
            assert_eq!(written(&format!("[words]\n{words}")).len(), 1, "{words}");
        }
    }

    #[test]
    fn every_key_is_described_in_a_sentence() {
        for of in Described::ALL {
            for (name, value) in schema(of)["properties"].as_object().expect("there are properties") {
                assert!(value["description"].as_str().is_some_and(|about| about.len() > 8), "{of:?}: {name}");
            }
        }
        assert_eq!(schema(Described::Servers)["properties"]["server"]["items"]["required"], json!(["id"]));
    }
}
