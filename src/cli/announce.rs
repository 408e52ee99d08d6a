//! `signalpost announce`: each new update, once, to every webhook and mail address of `site.toml`.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use super::args::{Announce, Global};
use super::error::CommandError;
use super::lock::{WhenHeld, lock};
use super::terminal::{RED, Terminal, YELLOW, styled};
use super::{files, moment, site};
use crate::announce::announcement::Announcement;
use crate::announce::record::{KEPT, Record};
use crate::announce::sender::Sender;
use crate::announce::{Channel, Refused, channels};
use crate::failure::{Failure, at};
use crate::findings::visible;
use crate::model::{FeedEntry, Site, rfc3339};
use crate::outputs::item::Items;
use crate::words::Words;

pub fn run(global: &Global, args: &Announce, terminal: &mut Terminal) -> Result<(), CommandError> {
    let project = site::open(global)?;
    let site = site::at(moment::of_site(args.at.now)?, &project, terminal)?;
    let channels = channels(&site.config);
    if channels.is_empty() {
        return Err(
            CommandError::usage("site.toml names nobody to announce to").hint("add a `[[webhook]]` or `[mail]`, as the README shows")
        );
    }
    let path = args.record.clone().unwrap_or_else(|| project.root.join("announced.json"));
    let _lock = if args.dry_run { None } else { Some(lock_record(&path)?) };
    let old = read(&path)?;
    check_since(args, &site, old.as_ref(), &channels)?;
    if args.since.is_none() {
        let is_new = |channel: &&Channel<'_>| !old.as_ref().is_some_and(|old| old.sent.contains_key(&channel.key()));
        for channel in channels.iter().filter(is_new) {
            terminal.say(format_args!("{} is new, and is told what comes from now on.", visible(&channel.key())));
        }
    }
    let record = Record::begin(old.clone(), &site, &channels, args.since);
    let items = Items::of(&site, &Words::of(&site.config));
    let run = Run { site: &site, items, kept: Mutex::new(Kept { record, saved: old }), path, is_dry: args.dry_run };
    run.change(|_| ())?;
    // Before anything is sent, and where nothing is to be sent: a secret that is missing is no surprise of the day on which it is needed.
    let channels: Vec<(Channel<'_>, Option<Sender<'_>>)> = channels
        .into_iter()
        .map(|channel| {
            let sender = sender(&channel).map_err(|why| tell_problem(args.dry_run, &channel.key(), &why, terminal)).ok();
            (channel, sender)
        })
        .collect();
    let (sent, failed) = run.tell_all(&channels, terminal)?;
    match args.dry_run {
        true => terminal.say(format_args!("{sent} would be sent.")),
        false => terminal.say(format_args!("{sent} sent.")),
    }
    if failed > 0 {
        let why = format!("{failed} of {} channels failed", channels.len());
        return Err(Failure::blocked("announce everything", why).help("the next run sends what was not accepted").into());
    }
    Ok(())
}

/// Two runs on one record would send everything twice: whoever comes second is refused.
fn lock_record(record: &Path) -> Result<File, CommandError> {
    let folder = record.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(at("make the folder", folder))?;
    lock(folder, WhenHeld::Refuse).map_err(|error| match error {
        TryLockError::Error(error) => at("lock", folder)(error).into(),
        TryLockError::WouldBlock => {
            let why = "another `signalpost announce` is at work";
            Failure::blocked("announce", why).help("wait until it is done; two at once would send everything twice").into()
        }
    })
}

fn read(path: &Path) -> Result<Option<Record>, CommandError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(at("read", path)(error).into()),
    };
    let record = Record::parse(&text).map_err(|why| {
        Failure::refused(format!("read `{}`", path.display()), why)
            .help("bring back the last good version; without the file, announcing begins anew with what comes from now on")
    })?;
    Ok(Some(record))
}

/// `--since` is for channels that begin, and goes back no further than ids are kept.
fn check_since(args: &Announce, site: &Site, old: Option<&Record>, channels: &[Channel<'_>]) -> Result<(), CommandError> {
    let Some(since) = args.since else { return Ok(()) };
    if since < site.now - KEPT {
        return Err(CommandError::usage(format!("--since lies more than {} days back", KEPT.num_days()))
            .hint(format!("the earliest is {}", rfc3339(site.now - KEPT))));
    }
    if old.is_some_and(|old| channels.iter().all(|channel| old.sent.contains_key(&channel.key()))) {
        return Err(CommandError::usage("--since is for the first run of a channel, and every channel had its first run"));
    }
    Ok(())
}

/// The secret comes from the environment here, and goes no further than the sender.
fn sender<'c>(channel: &Channel<'c>) -> Result<Sender<'c>, String> {
    let variable = channel.variable();
    let secret = std::env::var(variable).map_err(|_| format!("the environment has no `{variable}`"))?;
    Sender::new(channel, &secret)
}

/// One run over all channels.
struct Run<'a> {
    site: &'a Site,
    items: Items,
    kept: Mutex<Kept>,
    path: PathBuf,
    is_dry: bool,
}

/// The record that all channels share.
struct Kept {
    record: Record,
    /// The record as it is on the disk.
    saved: Option<Record>,
}

/// What is to be printed of a channel.
enum Told {
    Sent { channel: String, title: String },
    Failed { who: String, why: String },
}

impl Run<'_> {
    /// Tells all channels side by side: one that does not answer holds up no other. Mail goes to one recipient after the other, for one
    /// server takes it all, and some take few connections at a time. Gives how much was sent, and how many channels failed.
    fn tell_all(&self, channels: &[(Channel<'_>, Option<Sender<'_>>)], terminal: &mut Terminal) -> Result<(usize, usize), CommandError> {
        let is_mail = |(channel, _): &(Channel<'_>, Option<Sender<'_>>)| matches!(channel, Channel::Mail { .. });
        // A dry run waits for nobody, and prints in the order of site.toml.
        let rows = channels.chunk_by(|one, next| self.is_dry || (is_mail(one) && is_mail(next)));
        let (said, lines) = mpsc::channel();
        thread::scope(|scope| {
            let mut threads = Vec::new();
            for row in rows {
                let said = said.clone();
                let tell_row = move || {
                    let done = row
                        .iter()
                        .map(|(channel, sender)| self.tell(channel, sender.as_ref(), &said))
                        .collect::<Result<Vec<bool>, CommandError>>()?;
                    Ok(done.into_iter().filter(|is_done| !is_done).count())
                };
                let begun = thread::Builder::new().spawn_scoped(scope, tell_row);
                threads.push(begun.map_err(|error| Failure::system("announce", error))?);
            }
            drop(said);
            let sent = print_all(lines, terminal)?;
            let failed: Result<Vec<usize>, CommandError> =
                threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect();
            Ok((sent, failed?.into_iter().sum()))
        })
    }

    /// Tells a channel all that it is to be told; whether all of it was accepted.
    fn tell(&self, channel: &Channel<'_>, sender: Option<&Sender<'_>>, said: &mpsc::Sender<Told>) -> Result<bool, CommandError> {
        let wanted = self.change(|record| {
            let (wanted, others): (Vec<&FeedEntry>, Vec<&FeedEntry>) =
                record.pending(self.site, channel).into_iter().partition(|entry| channel.wants(self.site, entry));
            for entry in others {
                record.mark(self.site, channel, entry);
            }
            wanted
        })?;
        if self.is_dry {
            return self.send_all(channel, None, &wanted, said);
        }
        if wanted.is_empty() || sender.is_none() {
            return Ok(sender.is_some());
        }
        // Also where it did not change: who cannot write down what was sent would send it again in every run.
        self.write(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))?;
        self.send_all(channel, sender, &wanted, said)
    }

    /// Without a sender nothing is sent, and all of it printed.
    fn send_all(
        &self,
        channel: &Channel<'_>,
        sender: Option<&Sender<'_>>,
        all: &[&FeedEntry],
        said: &mpsc::Sender<Told>,
    ) -> Result<bool, CommandError> {
        let mut is_done = true;
        for entry in all {
            let announcement = Announcement::of(self.site, &self.items, entry);
            if let Some(sender) = sender
                && let Err(refused) = sender.send(&announcement, thread::sleep)
            {
                is_done = false;
                let who = format!("{} at {}", channel.key(), sender.host());
                let (why, is_over) = match refused {
                    Refused::Update(why) => (format!("{why} to `{}`", announcement.item.title), false),
                    Refused::Channel(why) => (why, true),
                };
                let _ = said.send(Told::Failed { who, why });
                if is_over {
                    break;
                }
                continue;
            }
            self.change(|record| record.mark(self.site, channel, entry))?;
            // Where the lines cannot be printed nobody listens any more; what was begun is sent all the same.
            let _ = said.send(Told::Sent { channel: channel.key(), title: announcement.item.title });
        }
        Ok(is_done)
    }

    /// Changes the record, and writes it where that made it another one.
    fn change<T>(&self, change: impl FnOnce(&mut Record) -> T) -> Result<T, CommandError> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = change(&mut kept.record);
        if kept.saved.as_ref() != Some(&kept.record) {
            self.write(&mut kept)?;
        }
        Ok(changed)
    }

    /// Writes the record, without what is too old by now.
    fn write(&self, kept: &mut Kept) -> Result<(), CommandError> {
        if !self.is_dry {
            kept.record.forget_old(self.site);
            files::put(&self.path, kept.record.text().as_bytes())?;
            kept.saved = Some(kept.record.clone());
        }
        Ok(())
    }
}

/// Prints what the channels say, as it comes, and counts what was sent.
fn print_all(lines: mpsc::Receiver<Told>, terminal: &mut Terminal) -> Result<usize, CommandError> {
    let mut sent = 0;
    for line in lines {
        match line {
            Told::Sent { channel, title } => {
                sent += 1;
                terminal.data(format_args!("{}  {}\n", visible(&channel), visible(&title)))?;
            }
            Told::Failed { who, why } => tell_problem(false, &who, &why, terminal),
        }
    }
    Ok(sent)
}

/// `why` may come from afar, and must not act on the terminal.
fn tell_problem(is_dry: bool, who: &str, why: &str, terminal: &mut Terminal) {
    // Who has no secrets may still ask what would be sent.
    let problem = if is_dry { styled(YELLOW, "warning:") } else { styled(RED, "error:") };
    terminal.always_say(format_args!("{problem} {}: {}", visible(who), visible(why)));
}
