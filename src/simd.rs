//! How is one plain loop compiled for the processor that it runs on?
//!
//! A release build must run on any x86-64, whose baseline has no AVX2; yet the loops over samples
//! run two to three times faster with it. So each loop stands in the source once, without
//! branches and without intrinsics, and is compiled twice: plainly and for AVX2. Which one runs
//! is asked at run time (the answer is cached by the standard library).

/// Defines a function whose `body` (an `#[inline(always)]` function or a closure) is compiled
/// twice, and calls the better one.
macro_rules! compiled_twice {
    ($(#[$meta:meta])* $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) = $body:expr) => {
        $(#[$meta])*
        $vis fn $name($($arg: $type),*) {
            #[cfg(target_arch = "x86_64")]
            if std::arch::is_x86_feature_detected!("avx2") {
                #[target_feature(enable = "avx2")]
                fn with_avx2($($arg: $type),*) {
                    $body($($arg),*);
                }
                #[expect(unsafe_code, reason = "calls code compiled for AVX2")]
                // SAFETY: the processor was just asked whether it has AVX2.
                unsafe {
                    with_avx2($($arg),*);
                }
                return;
            }
            $body($($arg),*);
        }
    };
}
pub(crate) use compiled_twice;
