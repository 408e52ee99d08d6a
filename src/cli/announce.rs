//! `signalpost announce`: each new update, once, to every webhook and mail address of `site.toml`.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;

use super::args::{Announce, Global};
use super::error::CommandError;
use super::lock::{WhenHeld, lock};
use super::terminal::{RED, Terminal, styled};
use super::{files, moment, site};
use crate::announce::announcement::Announcement;
use crate::announce::record::{KEPT, Record};
use crate::announce::sender::Sender;
use crate::announce::{Channel, Refused, channels};
use crate::failure::{Failure, at};
use crate::findings::visible;
use crate::load::times::written;
use crate::model::{FeedEntry, Site};
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
    let mut run =
        Run { site: &site, items: Items::of(&site, &Words::of(&site.config)), saved: old, record, path, is_dry: args.dry_run, sent: 0 };
    run.save()?;
    let failed = channels.iter().map(|channel| run.tell(channel, terminal)).collect::<Result<Vec<bool>, CommandError>>()?;
    let failed = failed.into_iter().filter(|is_done| !is_done).count();
    match run.is_dry {
        true => terminal.say(format_args!("{} would be sent.", run.sent)),
        false => terminal.say(format_args!("{} sent.", run.sent)),
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
            .hint(format!("the earliest is {}", written(site.now - KEPT))));
    }
    if old.is_some_and(|old| channels.iter().all(|channel| old.sent.contains_key(&channel.key()))) {
        return Err(CommandError::usage("--since is for the first run of a channel, and every channel had its first run"));
    }
    Ok(())
}

/// One run over all channels.
struct Run<'a> {
    site: &'a Site,
    items: Items,
    record: Record,
    /// The record as it is on the disk.
    saved: Option<Record>,
    path: PathBuf,
    is_dry: bool,
    sent: usize,
}

impl Run<'_> {
    /// Tells a channel all that it is to be told; whether all of it was accepted.
    fn tell(&mut self, channel: &Channel<'_>, terminal: &mut Terminal) -> Result<bool, CommandError> {
        let (wanted, others): (Vec<&FeedEntry>, Vec<&FeedEntry>) =
            self.record.pending(self.site, channel).into_iter().partition(|entry| channel.wants(self.site, entry));
        for entry in others {
            self.record.mark(self.site, channel, entry);
        }
        let is_done = match (wanted.is_empty(), self.sender(channel)) {
            (true, _) => true,
            (false, Ok(sender)) => {
                // Also where it did not change: who cannot write down what was sent would send it again in every run.
                self.write()?;
                self.send_all(channel, sender.as_ref(), &wanted, terminal)?
            }
            (false, Err(why)) => {
                complain(&channel.key(), &why, terminal);
                false
            }
        };
        self.save()?;
        Ok(is_done)
    }

    /// Without a sender nothing is sent, and all of it printed.
    fn send_all(
        &mut self,
        channel: &Channel<'_>,
        sender: Option<&Sender<'_>>,
        all: &[&FeedEntry],
        terminal: &mut Terminal,
    ) -> Result<bool, CommandError> {
        let mut is_done = true;
        for entry in all {
            let announcement = Announcement::of(self.site, &self.items, entry);
            if let Some(sender) = sender
                && let Err(refused) = sender.send(&announcement, thread::sleep)
            {
                is_done = false;
                let who = format!("{} at {}", channel.key(), sender.host());
                match refused {
                    Refused::Update(why) => complain(&who, &format!("{why} to `{}`", announcement.item.title), terminal),
                    Refused::Channel(why) => {
                        complain(&who, &why, terminal);
                        break;
                    }
                }
                continue;
            }
            self.sent += 1;
            self.record.mark(self.site, channel, entry);
            self.save()?;
            terminal.data(format_args!("{}  {}\n", visible(&channel.key()), visible(&announcement.item.title)))?;
        }
        Ok(is_done)
    }

    /// The secret comes from the environment here, and goes no further than the sender; a dry run needs none.
    fn sender<'c>(&self, channel: &Channel<'c>) -> Result<Option<Sender<'c>>, String> {
        if self.is_dry {
            return Ok(None);
        }
        let variable = channel.variable();
        let secret = std::env::var(variable).map_err(|_| format!("the environment has no `{variable}`"))?;
        Sender::new(channel, &secret).map(Some)
    }

    /// Writes the record where it changed.
    fn save(&mut self) -> Result<(), CommandError> {
        if self.saved.as_ref() == Some(&self.record) { Ok(()) } else { self.write() }
    }

    /// Writes the record, without what is too old by now.
    fn write(&mut self) -> Result<(), CommandError> {
        if !self.is_dry {
            self.record.forget_old(self.site);
            files::put(&self.path, self.record.text().as_bytes())?;
            self.saved = Some(self.record.clone());
        }
        Ok(())
    }
}

/// `why` may come from afar, and must not act on the terminal.
fn complain(who: &str, why: &str, terminal: &mut Terminal) {
    terminal.always_say(format_args!("{} {}: {}", styled(RED, "error:"), visible(who), visible(why)));
}
