//! Names of files in Chinese, Japanese or Korean: which font of the system has these letters?
//!
//! Our own fonts have none of them, and shipping one would double the program. So a font that the
//! system has anyway is read, on a thread, once a name needs it.

use std::path::{Path, PathBuf};

/// Larger files are not read: collections of many fonts.
const MOST_BYTES: u64 = 40 << 20;
/// Entries of folders that are looked at.
const MOST_ENTRIES: usize = 20_000;
/// Parts of names of fonts that have these letters, the best first.
const KNOWN: [&str; 12] = [
    "notosanscjk-regular",
    "notosanscjk",
    "sourcehansans",
    "notosanssc",
    "notosansjp",
    "notosanskr",
    "wqy",
    "droidsansfallback",
    "msyh",
    "msgothic",
    "pingfang",
    "arial unicode",
];

/// Whether our own fonts lack letters of this text.
pub(crate) fn is_needed_for(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(
            u32::from(c),
            0x1100..=0x11ff | 0x2e80..=0x9fff | 0xac00..=0xd7af | 0xf900..=0xfaff
                | 0xff00..=0xffef | 0x20000..=0x3ffff
        )
    })
}

/// The bytes of a font of the system that has these letters. Reads folders: never in frame code.
pub(crate) fn read() -> Option<Vec<u8>> {
    best_in(&folders()).and_then(|path| std::fs::read(path).ok())
}

fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "/System/Library/Fonts",
        "/Library/Fonts",
        "C:\\Windows\\Fonts",
    ]
    .iter()
    .map(PathBuf::from)
    .collect();
    if let Some(home) = std::env::home_dir() {
        folders.push(home.join(".local/share/fonts"));
        folders.push(home.join(".fonts"));
        folders.push(home.join("Library/Fonts"));
    }
    folders
}

fn best_in(folders: &[PathBuf]) -> Option<PathBuf> {
    let mut waiting = folders.to_vec();
    let mut best: Option<(usize, PathBuf)> = None;
    let mut seen = 0;
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            seen += 1;
            if seen > MOST_ENTRIES {
                return best.map(|(_, path)| path);
            }
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            if kind.is_dir() {
                waiting.push(entry.path());
            } else if let Some(rank) = rank_of(&entry.path())
                && best.as_ref().is_none_or(|(known, _)| rank < *known)
                && entry.metadata().is_ok_and(|m| m.len() <= MOST_BYTES)
            {
                best = Some((rank, entry.path()));
            }
        }
    }
    best.map(|(_, path)| path)
}

/// Place among the known fonts; less is better.
fn rank_of(path: &Path) -> Option<usize> {
    let extension = path.extension()?.to_str()?.to_lowercase();
    if !matches!(extension.as_str(), "ttf" | "ttc" | "otf") {
        return None;
    }
    let name = path.file_stem()?.to_str()?.to_lowercase();
    KNOWN.iter().position(|known| name.starts_with(known))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn letters_that_our_fonts_lack_are_known() {
        assert!(is_needed_for("测线12.sgy") && is_needed_for("地震.sgy"));
        assert!(is_needed_for("탄성파") && is_needed_for("ライン"));
        assert!(!is_needed_for("line12.sgy") && !is_needed_for("größe № 3 – Ωµ"));
    }

    #[test]
    fn the_best_known_font_is_found_in_folders_of_folders() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("truetype/droid");
        std::fs::create_dir_all(&deep).unwrap();
        for name in ["DroidSansFallbackFull.ttf", "Ubuntu-R.ttf", "wqy.txt"] {
            std::fs::write(deep.join(name), "x").unwrap();
        }
        let folders = [folder.path().to_path_buf(), folder.path().join("none")];
        let found = best_in(&folders).unwrap();
        assert!(found.ends_with("DroidSansFallbackFull.ttf"));
        std::fs::write(folder.path().join("NotoSansCJK-Regular.ttc"), "x").unwrap();
        assert!(
            best_in(&folders)
                .unwrap()
                .ends_with("NotoSansCJK-Regular.ttc")
        );
    }
}
