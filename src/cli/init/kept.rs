//! What a file that was there before `init` lacks of the one that it would have written.

/// The jobs of the workflows, as the lines that they begin with.
const JOBS: &[(&str, &[&str])] = &[
    (".gitlab-ci.yml", &["check:", "pages:"]),
    (".github/workflows/status.yml", &["  check:", "  publish:"]),
    (".forgejo/workflows/status.yml", &["  status:"]),
];

/// What to add to a file, for people; `None` where it has all.
pub fn lacks(path: &str, ours: &str, theirs: &str) -> Option<String> {
    if path == ".gitignore" {
        let has = |line: &&str| theirs.lines().any(|their| their.trim().trim_matches('/') == line.trim_matches('/'));
        let missing: Vec<&str> = ours.lines().filter(|line| !has(line)).collect();
        let add = "was there already: add these lines to it, or what is built and fetched will be committed";
        return (!missing.is_empty()).then(|| format!("`{path}` {add}:\n{}", missing.join("\n")));
    }
    let (_, jobs) = JOBS.iter().find(|(workflow, _)| *workflow == path)?;
    let has = |job: &&&str| theirs.lines().any(|line| line.trim_end() == **job);
    let missing: Vec<String> = jobs.iter().filter(|job| !has(job)).map(|job| format!("`{}`", job.trim().trim_end_matches(':'))).collect();
    let copy = "`signalpost init` in an empty folder writes a file to copy from";
    (!missing.is_empty()).then(|| {
        format!(
            "`{path}` was there already, and has no job {}: until it has, the site is not published by it; {copy}.",
            missing.join(" or ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_file_is_told_by_what_it_lacks() {
        let ignore = "/public\n/.tools\n";
        assert_eq!(lacks(".gitignore", ignore, "public/ \n/.tools\n*.log\n"), None);
        let words = lacks(".gitignore", ignore, "*.log\n/public.old\npublic\n").unwrap();
        assert!(words.ends_with("committed:\n/.tools"), "{words}");
        let words = lacks(".gitlab-ci.yml", "", "lint:\n  script: [make]\n").unwrap();
        assert!(words.starts_with("`.gitlab-ci.yml` was there already, and has no job `check` or `pages`: "), "{words}");
        assert_eq!(lacks("POSTING.md", "ours", "theirs"), None);
    }

    #[test]
    fn our_own_files_lack_nothing() {
        for (path, text) in super::super::FILES {
            assert_eq!(lacks(path, text, text), None);
            assert_eq!(lacks(path, text, "").is_some(), path.starts_with(".git") || path.starts_with(".forgejo"), "{path}");
        }
    }
}
