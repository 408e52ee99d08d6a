//! What generated posts say.

use super::random::Random;

pub const TOWNS: &[(&str, &str)] = &[("London", "GB"), ("Frankfurt", "DE"), ("Lusaka", "ZM"), ("Vancouver", "CA"), ("Perth", "AU")];

pub const GROUPS: &[&str] = &["Mail", "Web", "Databases", "Names", "Network"];

pub const JOBS: &[&str] = &[
    "Outgoing mail relay",
    "Mail boxes",
    "Web sites with PHP",
    "Web sites, static",
    "Databases",
    "Name server",
    "Mailing lists",
    "Backups",
    "Control panel",
    "Router",
];

/// No two are a letter apart, so that no tag looks like another's slip.
pub const TAGS: &[&str] = &[
    "mail relay",
    "hardware",
    "spam filter",
    "webmail",
    "certificates",
    "backups",
    "name service",
    "databases",
    "disk",
    "memory",
    "power",
    "cooling",
    "routing",
    "denial of service",
    "kernel",
    "control panel",
    "mailing lists",
    "calendar",
    "contacts",
    "quota",
    "PHP",
    "Python",
    "Ruby",
    "Node.js",
    "static sites",
    "caching",
    "load balancer",
    "firewall",
    "IPv6",
    "latency",
    "packet loss",
    "upstream",
    "data centre",
    "fibre",
    "switch",
    "virtual machines",
    "containers",
    "storage",
    "snapshots",
    "migration",
    "billing",
    "invoices",
    "logins",
    "passwords",
    "two factors",
    "monitoring",
    "statistics",
    "log files",
    "uploads",
    "downloads",
    "FTP",
    "SSH",
    "cron jobs",
    "queues",
    "bounces",
    "greylisting",
    "signatures",
    "software update",
    "security",
    "telephone",
];

/// What went wrong, and the same as a part of an address.
pub const FAULTS: &[(&str, &str)] = &[
    ("outgoing mail is slow", "mail-slow"),
    ("no answer", "no-answer"),
    ("databases are read-only", "read-only"),
    ("log-ins fail", "logins-fail"),
    ("a disk has failed", "disk-failed"),
    ("pages load slowly", "pages-slow"),
    ("name queries time out", "queries-time-out"),
    ("the certificate has expired", "certificate-expired"),
];

pub const WORKS: &[(&str, &str)] = &[
    ("disk replacement", "disk-replacement"),
    ("new kernel", "new-kernel"),
    ("move to another rack", "rack-move"),
    ("software update", "software-update"),
    ("more memory", "more-memory"),
];

pub const SUBJECTS: &[(&str, &str)] = &[
    ("New versions of PHP on all web servers", "php-versions"),
    ("Shorter lives for certificates", "certificate-lives"),
    ("Office hours at the end of the year", "office-hours"),
    ("How we count uptime", "uptime"),
];

const SENTENCES: &[&str] = &[
    "The first alarm came from our own monitoring, two minutes before the first call.",
    "Mail that was sent in the meantime is not lost: it waits in the queue and goes out as soon as the server answers again.",
    "Only customers whose mail boxes are on this machine are affected.",
    "We have restarted the service and watch the queue.",
    "One of the two power supplies reports an error; the other carries the load.",
    "The number of open connections grew to *four times* its usual value within a minute.",
    "A technician in the data centre is on the way and will be there within the hour.",
    "Please do not change any settings in your mail program: they are right.",
    "Whoever needs the old version until then finds it under the address in the [support pages](https://example.net/support).",
    "We have taken the faulty disk out of the array, which runs on with one disk less.",
    "The provider of our upstream has found a broken fibre and sends traffic by another way.",
    "Answers take about `800 ms` at present instead of `40 ms`.",
    "The copy of last night was complete, and nothing had to be read back from it.",
    "Web sites that do not use the database work as usual.",
    "We are sorry for the trouble, in particular to those who waited for a parcel notice.",
    "In the next weeks we will give this service a second machine, so that one can fail unnoticed.",
];

const POINTS: &[&str] = &[
    "incoming mail: delayed by up to ten minutes",
    "outgoing mail: **not possible** for the time being",
    "webmail: works, but does not show new messages",
    "web sites: not affected",
    "the control panel: slow",
    "backups: will be made up for tonight",
];

const OUTPUT: &[&str] = &[
    "relay postfix/smtp[2211]: connect to mx.example.net[192.0.2.25]:25: Connection timed out",
    "kernel: ata3.00: failed command: READ FPDMA QUEUED",
    "named[514]: client 198.51.100.7#53124: query (cache) 'example.net/A/IN' denied",
    "php-fpm: server reached pm.max_children setting (40), consider raising it",
];

/// A paragraph with a line end.
pub fn paragraph(random: &mut Random, sentences: usize) -> String {
    let first = random.below(SENTENCES.len());
    let chosen: Vec<&str> = (0..sentences).map(|n| SENTENCES[(first + n * 5) % SENTENCES.len()]).collect();
    chosen.join(" ") + "\n"
}

/// The text before the updates: paragraphs, mostly a list, sometimes a line of a log.
pub fn opening(random: &mut Random) -> String {
    let mut text = paragraph(random, 5);
    if random.below(4) > 0 {
        text += "\nThis is what we know:\n\n";
        let first = random.below(POINTS.len());
        for n in 0..3 {
            text += &format!("- {}\n", POINTS[(first + n) % POINTS.len()]);
        }
    }
    if random.below(3) == 0 {
        text += &format!("\n```\n{}\n```\n", random.of(OUTPUT));
    }
    text + "\n" + &paragraph(random, 5)
}
