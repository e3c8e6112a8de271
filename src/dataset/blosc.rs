//! How does a chunk become the bytes that lie on disk? A Blosc frame (zstd, shuffle) and its crc32c.
//!
//! ```text
//! | version 2 | versionlz 1 | flags | typesize | nbytes | blocksize | cbytes | bstart = 20 |
//!   u8          u8            u8      u8         u32      u32         u32      u32
//! | csize | zstd frame of plane 0 | csize | zstd frame, or the plane as it is | … | crc32c |
//!   u32                             u32                                             u32
//! ```
//! One block a chunk: Blosc's own choice of small blocks costs 9 % size and 20–30 % speed. The block
//! is split, in Blosc's own way, into one stream for each byte of a number, because each of these
//! planes has its own statistics: exponents shrink to half, the last bytes of a fraction are noise.
//! Measured (`benches/codecs.rs`): 0 to 2 % smaller than one stream for all, and faster. A plane that
//! a look at its bytes finds to be noise is stored without trying. The frame is written by hand because a reused zstd context and buffers save 4 MB a
//! worker and 5–25 % of the time; any Blosc reads it (the tests hold it against zarrs' C library).
//! Standard: c-blosc `README_HEADER.rst` (Blosc1), Zarr v3 codecs `blosc` and `crc32c`.

use std::io;

use zstd::bulk::Compressor;
use zstd::zstd_safe::{CParameter, ParamSwitch, compress_bound};

use super::codec::Noise;
use super::{Codec, DatasetError, DatasetSpec};
use crate::samples::NumberType;
use crate::simd::compiled_twice;

/// Blosc 1's own format, and that of its zstd streams.
const VERSION_BLOSC: u8 = 2;
const VERSION_ZSTD: u8 = 1;

const HEADER_BYTES: usize = 16;
/// Where the only block starts: behind the header and its own start.
const BLOCK_START: usize = HEADER_BYTES + 4;
/// Of a stream: its length before it.
const LENGTH_BYTES: usize = 4;

/// Numbers that are shuffled together.
const SHUFFLE_STRETCH: usize = 2048;

/// Blosc splits no block of fewer numbers.
const MIN_SPLIT_NUMBERS: usize = 128;

const FLAG_SHUFFLE: u8 = 0x01;
const FLAG_MEMCPYED: u8 = 0x02;
const FLAG_DONT_SPLIT: u8 = 0x10;
const FLAG_ZSTD: u8 = 4 << 5;

/// One worker's codec workspace: shuffle buffer and zstd context, both reused.
pub struct ChunkEncoder {
    shuffled: Vec<u8>,
    compressor: Compressor<'static>,
    typesize: u8,
    /// Planes that are not tried.
    noise: Option<Noise>,
    /// What the last chunk of nothing but zeros became, and its length: padding and dead traces.
    zeros: Option<(usize, Vec<u8>)>,
}

impl std::fmt::Debug for ChunkEncoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChunkEncoder")
            .field("typesize", &self.typesize)
            .finish_non_exhaustive()
    }
}

impl ChunkEncoder {
    /// A workspace for the chunks of `spec`, for encoding without writing.
    ///
    /// # Errors
    /// When the codec gets no memory.
    pub fn for_spec(spec: &DatasetSpec) -> Result<Self, DatasetError> {
        Self::new(spec.number_type, spec.codec)
            .map_err(DatasetError::reading("start the codec", &spec.path))
    }

    /// A workspace for numbers of this type.
    pub(super) fn new(number_type: NumberType, codec: Codec) -> io::Result<Self> {
        let search = codec.search();
        let mut compressor = Compressor::new(search.level)?;
        compressor.set_parameter(CParameter::MinMatch(search.min_match))?;
        if let Some(log2_entries) = search.hash_log {
            compressor.set_parameter(CParameter::HashLog(log2_entries))?;
        }
        if let Some(step) = search.step {
            compressor.set_parameter(CParameter::TargetLength(step))?;
            // With a step, zstd leaves Huffman's codes out too, which save more here than repetitions do.
            compressor.set_parameter(CParameter::LiteralCompressionMode(ParamSwitch::Enable))?;
        }
        Ok(Self {
            shuffled: Vec::new(),
            compressor,
            typesize: u8::try_from(number_type.size_bytes()).map_err(io::Error::other)?,
            noise: search.noise,
            zeros: None,
        })
    }

    /// Appends the bytes for disk of one chunk to `out`, Blosc frame and checksum; gives their number.
    ///
    /// # Errors
    /// When zstd gets no memory, or for a chunk near 4 GiB (which no spec allows). What `out` then
    /// holds behind what it held before is of no use.
    pub fn append(&mut self, chunk: &[u8], out: &mut Vec<u8>) -> io::Result<usize> {
        let start = out.len();
        if !is_zero(chunk) {
            self.append_numbers(chunk, out)?;
            return Ok(out.len() - start);
        }
        let is_known = |(length, _): &(usize, Vec<u8>)| *length == chunk.len();
        if !self.zeros.as_ref().is_some_and(is_known) {
            let mut encoded = Vec::new();
            self.append_numbers(chunk, &mut encoded)?;
            self.zeros = Some((chunk.len(), encoded));
        }
        if let Some((_, encoded)) = &self.zeros {
            out.extend_from_slice(encoded);
        }
        Ok(out.len() - start)
    }

    /// Compressed where it will lie: nothing is copied from one buffer to another.
    fn append_numbers(&mut self, chunk: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
        let typesize = usize::from(self.typesize);
        let n_streams = if chunk.len() / typesize.max(1) >= MIN_SPLIT_NUMBERS {
            typesize
        } else {
            1
        };
        let start = out.len();
        // Doubling would take twice the memory that an import's plan accounts for.
        out.reserve_exact(most_bytes(chunk.len(), n_streams));
        out.resize(start + BLOCK_START, 0);
        self.append_block(chunk, n_streams, out)?;
        let mut flags = FLAG_ZSTD;
        if typesize > 1 {
            flags |= FLAG_SHUFFLE;
        }
        if n_streams == 1 {
            flags |= FLAG_DONT_SPLIT;
        }
        if out.len() - start >= HEADER_BYTES + chunk.len() {
            // Noise does not shrink: Blosc's "memcpyed" frame, the bytes as they are, not shuffled.
            flags |= FLAG_MEMCPYED;
            out.truncate(start + HEADER_BYTES);
            out.extend_from_slice(chunk);
        }
        let frame = out.get_mut(start..).unwrap_or_default();
        self.put_header(flags, chunk.len(), frame)?;
        let checksum = crc32c::crc32c(frame);
        out.extend_from_slice(&checksum.to_le_bytes());
        Ok(())
    }

    /// Shuffles, and puts the streams behind the room for the header.
    fn append_block(
        &mut self,
        chunk: &[u8],
        n_streams: usize,
        out: &mut Vec<u8>,
    ) -> io::Result<()> {
        let source = if self.typesize > 1 {
            self.shuffled.resize(chunk.len(), 0);
            shuffle(usize::from(self.typesize), chunk, &mut self.shuffled);
            self.shuffled.as_slice()
        } else {
            chunk
        };
        for stream in source.chunks_exact((source.len() / n_streams).max(1)) {
            out.extend_from_slice(&[0; LENGTH_BYTES]);
            let start = out.len();
            let looks_like = |noise: Noise| looks_like_noise(stream, noise);
            let is_noise = n_streams > 1 && self.noise.is_some_and(looks_like);
            if !is_noise {
                let mut behind = io::Cursor::new(&mut *out);
                behind.set_position(start as u64);
                self.compressor.compress_to_buffer(stream, &mut behind)?;
            }
            if is_noise || out.len() - start >= stream.len() {
                // A stream of its full length is, to Blosc, one that was not compressed.
                out.truncate(start);
                out.extend_from_slice(stream);
            }
            let length = u32::try_from(out.len() - start).map_err(io::Error::other)?;
            put(out, start - LENGTH_BYTES, &length.to_le_bytes())?;
        }
        Ok(())
    }

    /// The header of a frame, and where its block begins, unless the frame holds its bytes as they are.
    fn put_header(&self, flags: u8, n_bytes: usize, frame: &mut [u8]) -> io::Result<()> {
        let length = |n: usize| u32::try_from(n).map_err(io::Error::other);
        put(
            frame,
            0,
            &[VERSION_BLOSC, VERSION_ZSTD, flags, self.typesize],
        )?;
        put(frame, 4, &length(n_bytes)?.to_le_bytes())?;
        put(frame, 8, &length(n_bytes)?.to_le_bytes())?;
        put(frame, 12, &length(frame.len())?.to_le_bytes())?;
        if flags & FLAG_MEMCPYED == 0 {
            put(frame, HEADER_BYTES, &length(BLOCK_START)?.to_le_bytes())?;
        }
        Ok(())
    }
}

/// Room that a chunk's frame and checksum take at most while they are made.
fn most_bytes(chunk_bytes: usize, n_streams: usize) -> usize {
    /// What zstd's bound of each stream has above its share of the chunk's.
    const STREAM_BYTES: usize = LENGTH_BYTES + 512;
    BLOCK_START + compress_bound(chunk_bytes) + n_streams * STREAM_BYTES + 4
}

fn put(bytes: &mut [u8], at: usize, part: &[u8]) -> io::Result<()> {
    let too_short = || io::Error::other("the codec's buffer is too short");
    bytes
        .get_mut(at..at + part.len())
        .ok_or_else(too_short)?
        .copy_from_slice(part);
    Ok(())
}

fn is_zero(chunk: &[u8]) -> bool {
    let is_zero = |bytes: &[u8]| bytes.iter().fold(0, |all, byte| all | byte) == 0;
    chunk.chunks(256).all(is_zero)
}

/// Whether compressing this plane would be in vain: among every eighth of its bytes no value stands
/// out, as those of mutes, padding and small numbers do, and all are about equally frequent.
///
/// zstd gives up a block by itself only where Huffman codes would save less than 1/64, after having
/// searched it for repetitions. Short planes are cheap to try.
fn looks_like_noise(plane: &[u8], noise: Noise) -> bool {
    /// Bytes that are looked at are one in so many.
    const STEP: usize = 8;
    const MIN_LOOKED_AT: usize = 4096;
    let n = plane.len() / STEP;
    if n < MIN_LOOKED_AT {
        return false;
    }
    // Two tables, so that equal bytes in a row do not wait for each other.
    let mut counts = [[0_u32; 256]; 2];
    for stretch in plane.chunks_exact(2 * STEP) {
        for (counts, byte) in counts.iter_mut().zip(stretch.iter().step_by(STEP)) {
            if let Some(count) = counts.get_mut(usize::from(*byte)) {
                *count += 1;
            }
        }
    }
    let [even, odd] = counts;
    let counts = even.iter().zip(&odd).map(|(a, b)| f64::from(a + b));
    let (most, sum_of_squares) = counts.fold((0.0, 0.0), |(most, sum): (f64, f64), count| {
        (most.max(count), sum + count * count)
    });
    let n = n as f64;
    // The squares of even bytes are n² / 256, and n by chance.
    most < noise.most * n && sum_of_squares < noise.squares * n * n / 256.0 + n
}

/// Puts byte `j` of every number side by side: `out[j × n + i] = bytes[i × typesize + j]`.
/// Chunks hold whole numbers only.
fn shuffle(typesize: usize, bytes: &[u8], out: &mut [u8]) {
    match typesize {
        2 => shuffle_2(bytes, out),
        4 => shuffle_4(bytes, out),
        8 => shuffle_8(bytes, out),
        _ => out.copy_from_slice(bytes),
    }
}

/// One pass a plane over a stretch that stays in the first-level cache. Shifting and truncating
/// whole numbers is what compilers turn into vector code even for the oldest x86-64.
macro_rules! shuffle_of {
    ($name:ident, $number:ty, $size:literal) => {
        compiled_twice! {
            fn $name(bytes: &[u8], out: &mut [u8]) = |bytes: &[u8], out: &mut [u8]| {
                let (numbers, _) = bytes.as_chunks::<$size>();
                let n = numbers.len().max(1);
                for (stretch_index, stretch) in numbers.chunks(SHUFFLE_STRETCH).enumerate() {
                    let start = stretch_index * SHUFFLE_STRETCH;
                    for (plane, shift) in out.chunks_exact_mut(n).zip((0..).step_by(8)) {
                        let plane = plane.iter_mut().skip(start);
                        for (byte, number) in plane.zip(stretch) {
                            #[expect(clippy::cast_possible_truncation, reason = "one byte is wanted")]
                            let low = (<$number>::from_le_bytes(*number) >> shift) as u8;
                            *byte = low;
                        }
                    }
                }
            }
        }
    };
}
shuffle_of!(shuffle_2, u16, 2);
shuffle_of!(shuffle_4, u32, 4);
shuffle_of!(shuffle_8, u64, 8);

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn shuffling_is_the_transposition_of_bytes(
            bytes in proptest::collection::vec(any::<u8>(), 0..5000),
            size_index in 0usize..3,
        ) {
            let typesize = [2, 4, 8][size_index];
            let n = bytes.len() / typesize;
            let bytes = &bytes[..n * typesize];
            let mut out = vec![0; bytes.len()];
            shuffle(typesize, bytes, &mut out);
            for (i, number) in bytes.chunks_exact(typesize).enumerate() {
                for (j, byte) in number.iter().enumerate() {
                    prop_assert_eq!(out[j * n + i], *byte);
                }
            }
        }
    }

    #[test]
    fn a_hasty_search_keeps_huffman_codes() {
        let mut state = 1_u32;
        let mut random = || {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state as f32 / u32::MAX as f32 - 0.5
        };
        // Sums of uniform numbers: exponents have few values, but nothing repeats.
        let samples: Vec<u8> = (0..16_384)
            .flat_map(|_| (random() + random() + random()).to_le_bytes())
            .collect();
        let stored_bytes = |codec| {
            let mut encoder = ChunkEncoder::new(NumberType::Float32, codec).unwrap();
            encoder.append(&samples, &mut Vec::new()).unwrap() as f64
        };
        let (fast, balanced) = (stored_bytes(Codec::Fast), stored_bytes(Codec::Balanced));
        assert!(fast < 1.02 * balanced, "{fast} against {balanced}");
        assert!(balanced < 0.9 * samples.len() as f64, "{balanced}");
    }

    #[test]
    fn noise_is_stored_as_it_is_and_constants_shrink() {
        let mut encoder = ChunkEncoder::new(NumberType::Float32, Codec::Balanced).unwrap();
        let mut state = 1u32;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state.to_le_bytes()[1]
        })
        .take(16_000)
        .collect();
        for (chunk, flag) in [
            (noise.as_slice(), 0x82 | 1),
            (&[7; 16000], 0x80 | 1),
            (&[], 0x92 | 1),
        ] {
            let mut frame = Vec::new();
            encoder.append(chunk, &mut frame).unwrap();
            let (body, checksum) = frame.split_last_chunk::<4>().unwrap();
            assert_eq!(frame[..4], [2, 1, flag, 4]);
            let word =
                |at: usize| u32::from_le_bytes(frame[at..at + 4].try_into().unwrap()) as usize;
            assert_eq!(
                (word(4), word(8), word(12)),
                (chunk.len(), chunk.len(), body.len())
            );
            assert_eq!(crc32c::crc32c(body), u32::from_le_bytes(*checksum));
            assert!(frame.len() <= chunk.len() + 20);
        }
    }
}
