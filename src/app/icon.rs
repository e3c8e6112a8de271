//! The program's sign, drawn by code: three traces with filled peaks under a shot point.

use egui::IconData;

/// The sign as a square of `size` pixels.
pub(crate) fn icon_data(size: u32) -> IconData {
    let mut rgba = Vec::with_capacity(size as usize * size as usize * 4);
    for y in 0..size {
        for x in 0..size {
            rgba.extend_from_slice(&pixel(x, y, size));
        }
    }
    IconData {
        rgba,
        width: size,
        height: size,
    }
}

/// The mean of 4 × 4 points in the pixel, so that edges are smooth.
fn pixel(x: u32, y: u32, size: u32) -> [u8; 4] {
    const N: u8 = 4;
    let mut sum = [0.0_f32; 4];
    for j in 0..N {
        for i in 0..N {
            let part =
                |p: u32, k: u8| (p as f32 + (f32::from(k) + 0.5) / f32::from(N)) / size as f32;
            let [red, green, blue, cover] = colour_at(part(x, i), part(y, j));
            sum[0] += red * cover;
            sum[1] += green * cover;
            sum[2] += blue * cover;
            sum[3] += cover;
        }
    }
    let alpha = sum[3];
    let over = if alpha > 0.0 { 1.0 / alpha } else { 0.0 };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0..=255"
    )]
    let byte = |v: f32| v.round().clamp(0.0, 255.0) as u8;
    [
        byte(sum[0] * over),
        byte(sum[1] * over),
        byte(sum[2] * over),
        byte(alpha * 255.0 / f32::from(N * N)),
    ]
}

/// Red, green, blue (0..255) and cover (0..1) at a point of the unit square.
fn colour_at(x: f32, y: f32) -> [f32; 4] {
    const GROUND: [f32; 4] = [16.0, 62.0, 70.0, 1.0];
    const INK: [f32; 4] = [232.0, 244.0, 240.0, 1.0];
    const SPARK: [f32; 4] = [246.0, 178.0, 62.0, 1.0];
    let (cx, cy) = ((x - 0.5).abs(), (y - 0.5).abs());
    let corner = ((cx - 0.28).max(0.0)).hypot((cy - 0.28).max(0.0));
    if corner > 0.2 {
        return [0.0; 4];
    }
    if (x - 0.5).hypot(y - 0.17) < 0.065 {
        return SPARK;
    }
    for (i, centre) in [0.25_f32, 0.5, 0.75].into_iter().enumerate() {
        // The event arrives later away from the shot.
        let delay = 0.5 + 0.07 * (i as f32 - 1.0).abs();
        let t = (y - delay) / 0.075;
        let value = (1.0 - 2.0 * t * t) * (-t * t).exp();
        let line = centre + 0.105 * value;
        if !(0.28..0.87).contains(&y) {
            continue;
        }
        let on_line = (x - line).abs() < 0.016;
        let in_fill = value > 0.05 && x > centre && x < line;
        if on_line || in_fill {
            return INK;
        }
    }
    GROUND
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_icon_has_clear_corners_and_a_spark() {
        let icon = icon_data(64);
        assert_eq!(icon.rgba.len(), 64 * 64 * 4);
        assert_eq!(icon.rgba[3], 0);
        let spark = (11 * 64 + 32) * 4;
        assert_eq!(icon.rgba[spark..spark + 3], [246, 178, 62]);
    }

    /// Writes `assets/icon.png` anew: `SHOTPOINT_WRITE_ICON=1 cargo test the_committed_icon`.
    #[test]
    fn the_committed_icon_is_what_is_drawn() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/icon.png");
        let icon = icon_data(128);
        if std::env::var_os("SHOTPOINT_WRITE_ICON").is_some() {
            let mut png = Vec::new();
            let mut encoder = png::Encoder::new(&mut png, 128, 128);
            encoder.set_color(png::ColorType::Rgba);
            encoder
                .write_header()
                .unwrap()
                .write_image_data(&icon.rgba)
                .unwrap();
            std::fs::write(&path, png).unwrap();
        }
        let file = std::io::BufReader::new(std::fs::File::open(path).unwrap());
        let mut reader = png::Decoder::new(file).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        assert!(pixels == icon.rgba);
    }
}
