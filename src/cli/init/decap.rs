//! A form for phones: the configuration of Decap CMS (<https://decapcms.org/docs/configuration-options/>).
//!
//! Servers are chosen from a list, so that nobody can mistype one; times are picked in UTC.

use crate::model::{Impact, Kind, Server, Standing};

pub const PAGE: &str = include_str!("files/decap.html");

/// `config.yml`, with the servers that posts can be about.
pub fn config(servers: &[Server]) -> String {
    let servers: String =
        servers.iter().filter(|server| server.standing != Standing::Retired).map(|server| option(&label(server), &server.id)).collect();
    let kinds: String = Kind::ALL.iter().map(|kind| option(kind.word(), kind.word())).collect();
    let impacts: String = Impact::ALL.iter().map(|impact| option(impact.word(), impact.word())).collect();
    include_str!("files/decap.yml")
        .replace("          @{servers}\n", &servers)
        .replace("          @{kinds}\n", &kinds)
        .replace("          @{impacts}\n", &impacts)
}

fn label(server: &Server) -> String {
    match &server.about {
        Some(about) => format!("{}: {about}", server.name),
        None => server.name.clone(),
    }
}

/// A line of a list of choices. A JSON string is a YAML string too, whatever is in it.
fn option(label: &str, value: &str) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    format!("          - {{ label: {}, value: {} }}\n", quoted(label), quoted(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_choices_and_retired_ones_are_not() {
        let server = |id: &str, standing| Server {
            id: id.into(),
            name: "Mail \"1\"".into(),
            aliases: Vec::new(),
            about: Some("out: relay".into()),
            group: None,
            location: None,
            standing,
            ping: None,
            probe: None,
            since: None,
            until: None,
            ranges: Default::default(),
        };
        let config = config(&[server("nc023", Standing::Operational), server("nc001", Standing::Retired)]);
        assert!(config.contains("          - { label: \"Mail \\\"1\\\": out: relay\", value: \"nc023\" }\n"), "{config}");
        assert!(!config.contains("nc001") && !config.contains("@{"), "{config}");
        assert!(config.contains("value: \"partial-outage\""));
    }
}
