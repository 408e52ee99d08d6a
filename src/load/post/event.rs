//! Whether what a post says of its event fits together: its times, its kind and its impact.

use super::Reader;
use crate::findings::{Code, Finding, Findings};
use crate::load::fields::At;
use crate::model::{Impact, ImpactChange, Kind, Moment};

impl Reader<'_, '_> {
    pub fn check_window(
        &self,
        kind: Option<Kind>,
        start: Option<&At<Moment>>,
        end: Option<&At<Moment>>,
        follows: bool,
        findings: &mut Findings,
    ) {
        let window = match (start, end) {
            // Two times that both lack their zone are in the same one, whichever it is.
            (None, None) => self.fields.time_without_zone("start").zip(self.fields.time_without_zone("end")),
            _ => start.cloned().zip(end.cloned()),
        };
        if let Some((start, end)) = window {
            if end.value < start.value {
                findings.push(
                    Finding::new(Code::EndBeforeStart, self.fields.at(&end), "the event ends before it starts")
                        .help("change `start` or `end`; both are UTC")
                        .related(self.fields.at(&start), "it starts here"),
                );
            } else if end.value - start.value > chrono::TimeDelta::days(30) {
                findings.push(
                    Finding::new(
                        Code::LongWindow,
                        self.fields.at(&end),
                        format!("the event lasts {} days", (end.value - start.value).num_days()),
                    )
                    .help("check the years of `start` and `end`"),
                );
            }
        }
        if kind == Some(Kind::Maintenance) && !follows {
            let anchor = self.fields.range_of("kind").unwrap_or(self.fields.range.clone());
            if start.is_none() && self.fields.range_of("start").is_none() {
                findings.push(
                    Finding::new(Code::MissingStart, self.span(&anchor), "a maintenance without a `start`")
                        .help("say when it begins: `start = 2026-05-04T19:00:00Z`"),
                );
            }
        }
    }

    /// The forms of editors write `start = ""` for what nobody filled in, and the kind beside it. Without a kind, it is told by `start`:
    /// an incident must not become a notice because its time was forgotten.
    pub fn check_empty_start(&self, findings: &mut Findings) {
        if let Some(range) = self.fields.range_of_empty("start") {
            findings.push(
                Finding::new(
                    Code::ImpossibleTime,
                    self.span(&range),
                    "`start` is empty, and nothing else says whether this is an incident",
                )
                .help("write the time as `2026-05-04T19:00:00Z`, or say `kind = \"notice\"`"),
            );
        }
    }

    pub fn check_impact(&self, kind: Option<Kind>, impact: Option<&At<ImpactChange>>, findings: &mut Findings) {
        let (Some(kind), Some(impact)) = (kind, impact) else { return };
        let mut impacts = impact.value.impacts();
        let misfit = match kind {
            Kind::Incident => impacts.any(|impact| impact == Impact::Maintenance).then_some("an incident whose impact is `maintenance`"),
            Kind::Maintenance => {
                impacts.any(|impact| impact > Impact::Maintenance).then_some("a maintenance whose impact is that of an outage")
            }
            Kind::Notice => impacts.any(|impact| impact != Impact::None).then_some("a notice never has an effect on status"),
        };
        if let Some(misfit) = misfit {
            let help = match kind {
                Kind::Notice => "write `kind = \"incident\"` with a `start`, or take `impact` out",
                _ => {
                    "planned work is `kind = \"maintenance\"` with the impact `maintenance`, which is the default; trouble is `kind = \"incident\"`"
                }
            };
            findings.push(Finding::new(Code::KindAndImpact, self.fields.at(impact), misfit).help(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::findings::Findings;
    use crate::load::post::front;
    use crate::load::servers::Servers;
    use crate::source::SourceFile;

    #[test]
    fn an_empty_start_is_one_left_out_where_the_kind_is_known() {
        for (keys, count) in [("kind = \"incident\"", 0), ("kind = \"notice\"", 0), ("follows = \"relay\"", 0), ("kind = \"\"", 1), ("", 1)]
        {
            let text = format!("+++\ntitle = \"Relay down\"\n{keys}\nstart = \"\"\nend = \"\"\n+++\nMail waits.\n");
            let file = SourceFile { path: "content/posts/2026-05-04-1900-relay.md".into(), bytes: text.into() };
            let mut findings = Findings::default();
            front(&file, &Servers::default(), &mut findings);
            assert_eq!(findings.len(), count, "{keys}: {findings:?}");
        }
    }
}
