//! What is the SHA-256 of a file?

use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::ExportError;
use crate::dataset::SourceFacts;
use crate::job::{JobContext, Stop};

/// Of a whole file, in lower-case hexadecimal digits.
pub(super) fn file_sha256(path: &Path, context: &JobContext) -> Result<String, Stop<ExportError>> {
    let failed = |error| Stop::Failed(ExportError::io("read the file", path)(error));
    let mut file = File::open(path).map_err(failed)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        context.check_cancelled()?;
        let n = file.read(&mut buffer).map_err(failed)?;
        if n == 0 {
            return Ok(SourceFacts::digest_text(&hasher.finalize()));
        }
        hasher.update(&buffer[..n]);
        context.progress.add(0, n as u64);
    }
}
