//! How do the bytes of samples become numbers?
//!
//! ```text
//! IBM words ──ibm.rs──► f32      8, 16, 32, 64 bits ──bytes put in the machine's order──► the same bits
//!                                24 bits ──sign extended──► 32 bits
//! ```
//! Apart from IBM floats every bit survives, those of NaN payloads included.

use super::format::NATIVE_ORDER;
use super::{ByteOrder, SampleFormat, SegyError, ibm};
use crate::samples::{NumberType, Samples};
use crate::simd::compiled_twice;

/// Decodes all of `bytes` into `samples`, whose length and type must fit
/// (`bytes.len() / format.size_bytes()`, `format.number_type()`).
///
/// # Errors
/// `SegyError::UnsupportedSampleFormat` for code 4, `SamplesMismatch` where the lengths or types do not fit.
pub fn decode(
    format: SampleFormat,
    order: ByteOrder,
    bytes: &[u8],
    samples: &mut Samples,
) -> Result<(), SegyError> {
    check_fit(format, bytes.len(), samples)?;
    decode_numbers(format, order, bytes, samples.as_bytes_mut());
    Ok(())
}

/// As [`decode`], to where sample `first` of `samples` lies: what is there already stays, and
/// nothing is copied on the way.
///
/// # Errors
/// As [`decode`], also where `samples` ends before.
pub fn decode_at(
    format: SampleFormat,
    order: ByteOrder,
    bytes: &[u8],
    samples: &mut Samples,
    first: usize,
) -> Result<(), SegyError> {
    check_supported(format)?;
    check_whole(format, bytes.len())?;
    let number_type = samples.number_type();
    let size_bytes = number_type.size_bytes();
    let n_samples = bytes.len() / format.size_bytes();
    let room = samples
        .as_bytes_mut()
        .get_mut(first * size_bytes..(first + n_samples) * size_bytes)
        .filter(|_| number_type == format.number_type());
    let Some(room) = room else {
        return Err(SegyError::SamplesMismatch {
            format,
            n_bytes: bytes.len(),
            n_samples: samples.len().saturating_sub(first),
            number_type,
        });
    };
    decode_numbers(format, order, bytes, room);
    Ok(())
}

/// Decodes into the bytes of as many numbers, of the format's own type.
fn decode_numbers(format: SampleFormat, order: ByteOrder, bytes: &[u8], numbers: &mut [u8]) {
    if order == ByteOrder::PairSwapped {
        let straight = ByteOrder::pairs_swapped(bytes);
        return decode_numbers(format, ByteOrder::Big, &straight, numbers);
    }
    match format {
        SampleFormat::Ibm32 => {
            ibm::decode_words(order, bytes, bytemuck::cast_slice_mut(numbers));
        }
        SampleFormat::Int24 => {
            let ints: &mut [i32] = bytemuck::cast_slice_mut(numbers);
            for (int, &sample) in ints.iter_mut().zip(bytes.as_chunks::<3>().0) {
                *int = (word_of_24_bits(order, sample) << 8).cast_signed() >> 8;
            }
        }
        SampleFormat::Uint24 => {
            let ints: &mut [u32] = bytemuck::cast_slice_mut(numbers);
            for (int, &sample) in ints.iter_mut().zip(bytes.as_chunks::<3>().0) {
                *int = word_of_24_bits(order, sample);
            }
        }
        SampleFormat::Int32
        | SampleFormat::Int16
        | SampleFormat::FixedPointWithGain
        | SampleFormat::Ieee32
        | SampleFormat::Ieee64
        | SampleFormat::Int8
        | SampleFormat::Int64
        | SampleFormat::Uint32
        | SampleFormat::Uint16
        | SampleFormat::Uint64
        | SampleFormat::Uint8 => copy_in_order(format.size_bytes(), order, bytes, numbers),
    }
}

/// Decodes all of `bytes` for the eye: appended to `out` as `f32`, whatever the format.
///
/// # Errors
/// As [`decode`].
pub fn decode_f32(
    format: SampleFormat,
    order: ByteOrder,
    bytes: &[u8],
    out: &mut Vec<f32>,
) -> Result<(), SegyError> {
    /// Samples of other types that are decoded at once before they become `f32`.
    const BLOCK_SAMPLES: usize = 4096;

    let size_bytes = format.size_bytes();
    check_supported(format)?;
    check_whole(format, bytes.len())?;
    if order == ByteOrder::PairSwapped {
        let straight = ByteOrder::pairs_swapped(bytes);
        return decode_f32(format, ByteOrder::Big, &straight, out);
    }
    if format.number_type() == NumberType::Float32 {
        let first = out.len();
        out.resize(first + bytes.len() / size_bytes, 0.0);
        let tail = &mut out[first..];
        if format == SampleFormat::Ibm32 {
            ibm::decode_words(order, bytes, tail);
        } else {
            copy_in_order(size_bytes, order, bytes, bytemuck::cast_slice_mut(tail));
        }
        return Ok(());
    }
    let mut block = Samples::zeros(format.number_type(), 0);
    for bytes in bytes.chunks(BLOCK_SAMPLES * size_bytes) {
        block.resize(bytes.len() / size_bytes);
        decode(format, order, bytes, &mut block)?;
        block.extend_f32(0..block.len(), out);
    }
    Ok(())
}

/// Refuses the format whose meaning is unsettled.
pub(super) fn check_supported(format: SampleFormat) -> Result<(), SegyError> {
    if format == SampleFormat::FixedPointWithGain {
        let code = format.code();
        return Err(SegyError::UnsupportedSampleFormat { code });
    }
    Ok(())
}

/// Refuses bytes that are not whole samples.
fn check_whole(format: SampleFormat, n_bytes: usize) -> Result<(), SegyError> {
    if n_bytes.is_multiple_of(format.size_bytes()) {
        return Ok(());
    }
    Err(SegyError::SamplesMismatch {
        format,
        n_bytes,
        n_samples: n_bytes / format.size_bytes(),
        number_type: format.number_type(),
    })
}

/// Refuses bytes and samples that do not fit each other.
fn check_fit(format: SampleFormat, n_bytes: usize, samples: &Samples) -> Result<(), SegyError> {
    check_supported(format)?;
    let types_fit = samples.number_type() == format.number_type();
    if types_fit && samples.len().checked_mul(format.size_bytes()) == Some(n_bytes) {
        return Ok(());
    }
    Err(SegyError::SamplesMismatch {
        format,
        n_bytes,
        n_samples: samples.len(),
        number_type: samples.number_type(),
    })
}

/// Three bytes as the lower 24 bits of a word.
fn word_of_24_bits(order: ByteOrder, [a, b, c]: [u8; 3]) -> u32 {
    match order {
        ByteOrder::Big | ByteOrder::PairSwapped => u32::from_be_bytes([0, a, b, c]),
        ByteOrder::Little => u32::from_le_bytes([a, b, c, 0]),
    }
}

/// Copies words of `size_bytes` (1, 2, 4 or 8) between `order` and the machine's own order; the
/// same thing in both directions. Pairs must have been swapped back. Copies as many words as both slices hold.
pub(super) fn copy_in_order(size_bytes: usize, order: ByteOrder, from: &[u8], to: &mut [u8]) {
    let n_bytes = from.len().min(to.len());
    let (from, to) = (&from[..n_bytes], &mut to[..n_bytes]);
    if order == NATIVE_ORDER {
        to.copy_from_slice(from);
        return;
    }
    match size_bytes {
        2 => swap_2(from, to),
        4 => swap_4(from, to),
        8 => swap_8(from, to),
        _ => to.copy_from_slice(from),
    }
}

/// A loop that reverses the bytes of words, for one width. (Reversing byte arrays of any length
/// says the same, but compiles to shuffles that are four times slower for four bytes.)
macro_rules! swapping {
    ($name:ident, $word:ty) => {
        compiled_twice! {
            fn $name(from: &[u8], to: &mut [u8]) = |from: &[u8], to: &mut [u8]| {
                const N: usize = size_of::<$word>();
                let words = from.as_chunks::<N>().0;
                for (to, &from) in to.as_chunks_mut::<N>().0.iter_mut().zip(words) {
                    *to = <$word>::from_ne_bytes(from).swap_bytes().to_ne_bytes();
                }
            }
        }
    };
}

swapping!(swap_2, u16);
swapping!(swap_4, u32);
swapping!(swap_8, u64);
