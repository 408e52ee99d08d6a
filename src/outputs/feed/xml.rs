//! The few shapes that both Atom files are written with.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

/// XML in memory.
pub type Xml = Writer<Vec<u8>>;

/// An XML document with its declaration.
pub fn document() -> io::Result<Xml> {
    let mut xml = Writer::new(Vec::with_capacity(64 * 1024));
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    line(&mut xml)?;
    Ok(xml)
}

/// `<name>value</name>`
pub fn text(xml: &mut Xml, name: &str, value: &str) -> io::Result<()> {
    xml.create_element(name).write_text_content(BytesText::new(value)).map(|_| ())
}

/// `<content type="html">`, with the HTML escaped.
pub fn html(xml: &mut Xml, html: &str) -> io::Result<()> {
    xml.create_element("content").with_attribute(("type", "html")).write_text_content(BytesText::new(html)).map(|_| ())
}

/// `<link rel="…" type="…" href="…"/>`
pub fn link(xml: &mut Xml, rel: &str, kind: &str, href: &str) -> io::Result<()> {
    let link = xml.create_element("link").with_attribute(("rel", rel)).with_attribute(("type", kind));
    link.with_attribute(("href", href)).write_empty().map(|_| ())
}

/// `<author><name>…</name></author>`
pub fn author(xml: &mut Xml, name: &str) -> io::Result<()> {
    xml.create_element("author").write_inner_content(|xml| text(xml, "name", name)).map(|_| ())
}

/// An end of line between elements.
pub fn line(xml: &mut Xml) -> io::Result<()> {
    xml.write_event(Event::Text(BytesText::from_escaped("\n")))
}
