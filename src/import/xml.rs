//! RSS and what is made of it: XML by namespaces, without a document type and without entities of its own.

use quick_xml::NsReader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;

use super::{File, Refused};

/// An element with what stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    /// With the usual prefix of its namespace: `title`, `wp:post_id`, `content:encoded`.
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub text: String,
    pub children: Vec<Element>,
}

impl Element {
    /// The text of the first child of that name, trimmed; empty where there is none.
    pub fn text_of(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.trim())
    }

    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(attribute, _)| attribute == name).map_or("", |(_, value)| value)
    }
}

/// Elements in each other deeper than this are in no export.
const DEEPEST: usize = 64;

/// The `channel` of an RSS file. `what` is what the file should be: "a WordPress export".
pub fn channel(file: &File, what: &str) -> Result<Element, Refused> {
    let refused = |why: String| Refused { file: file.name.clone(), why: format!("is not {what}: {why}") };
    let text = std::str::from_utf8(&file.bytes).map_err(|error| refused(format!("byte {} is not UTF-8", error.valid_up_to())))?;
    let rss = root(text.trim_start_matches('\u{feff}')).map_err(&refused)?;
    if rss.name != "rss" {
        return Err(refused(format!("it begins with `<{}>` and not with `<rss>`", rss.name)));
    }
    rss.children.into_iter().find(|child| child.name == "channel").ok_or_else(|| refused("it has no `<channel>`".to_owned()))
}

fn root(text: &str) -> Result<Element, String> {
    let mut reader = NsReader::from_str(text);
    let mut open: Vec<Element> = Vec::new();
    loop {
        let (namespace, event) = reader.read_resolved_event().map_err(|error| match error {
            quick_xml::Error::Syntax(syntax) => format!("it is cut off: {syntax}"),
            error => format!("it cannot be read: {error}"),
        })?;
        match event {
            Event::Start(start) => begin(&mut open, namespace, &start)?,
            Event::Empty(start) => {
                begin(&mut open, namespace, &start)?;
                if let Some(root) = close(&mut open) {
                    return Ok(root);
                }
            }
            Event::End(_) => {
                if let Some(root) = close(&mut open) {
                    return Ok(root);
                }
            }
            Event::Text(text) => push(&mut open, &text.xml_content(Default::default()).map_err(|error| error.to_string())?)?,
            Event::CData(text) => push(&mut open, &text.xml_content(Default::default()).map_err(|error| error.to_string())?)?,
            Event::GeneralRef(entity) => push(&mut open, &resolved(&entity)?)?,
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            Event::DocType(_) => return Err("it has a document type, which no export has".to_owned()),
            Event::Eof => return Err(if open.is_empty() { "it holds no XML".to_owned() } else { "it is cut off".to_owned() }),
        }
    }
}

fn begin(open: &mut Vec<Element>, namespace: ResolveResult<'_>, start: &BytesStart<'_>) -> Result<(), String> {
    if open.len() >= DEEPEST {
        return Err(format!("its elements stand in each other more than {DEEPEST} deep"));
    }
    open.push(Element { name: name(namespace, start), attributes: attributes(start)?, ..Element::default() });
    Ok(())
}

/// Puts the innermost element into the one around it, or gives it where there is none.
fn close(open: &mut Vec<Element>) -> Option<Element> {
    let element = open.pop()?;
    match open.last_mut() {
        Some(parent) => {
            parent.children.push(element);
            None
        }
        None => Some(element),
    }
}

fn push(open: &mut [Element], text: &str) -> Result<(), String> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return Err("it holds no XML".to_owned()),
    }
    Ok(())
}

fn resolved(entity: &BytesRef<'_>) -> Result<String, String> {
    if let Some(c) = entity.resolve_char_ref().map_err(|error| format!("it cannot be read: {error}"))? {
        return Ok(c.to_string());
    }
    let name = entity.decode().map_err(|error| error.to_string())?;
    resolve_xml_entity(&name).map(str::to_owned).ok_or_else(|| format!("it has the entity `&{name};`, which XML does not know"))
}

fn name(namespace: ResolveResult<'_>, element: &BytesStart<'_>) -> String {
    let local = String::from_utf8_lossy(element.local_name().into_inner()).into_owned();
    let prefix = match namespace {
        ResolveResult::Bound(namespace) => match namespace.into_inner() {
            b"http://purl.org/rss/1.0/modules/content/" => "content:",
            b"http://purl.org/dc/elements/1.1/" => "dc:",
            uri if is_wordpress(uri) && uri.ends_with(b"/excerpt/") => "excerpt:",
            uri if is_wordpress(uri) => "wp:",
            _ => "other:",
        },
        ResolveResult::Unbound => "",
        ResolveResult::Unknown(_) => "other:",
    };
    format!("{prefix}{local}")
}

/// Every version's namespace; there are exports in which somebody made `https` of its `http`.
fn is_wordpress(uri: &[u8]) -> bool {
    [&b"http://wordpress.org/export/"[..], b"https://wordpress.org/export/"].iter().any(|home| uri.starts_with(home))
}

fn attributes(element: &BytesStart<'_>) -> Result<Vec<(String, String)>, String> {
    let mut attributes = Vec::new();
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|error| format!("it cannot be read: {error}"))?;
        let value = attribute.normalized_value(Default::default()).map_err(|error| format!("it cannot be read: {error}"))?;
        attributes.push((String::from_utf8_lossy(attribute.key.as_ref()).into_owned(), value.into_owned()));
    }
    Ok(attributes)
}
