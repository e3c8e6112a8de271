//! The shaders. What they draw is what `view::paint` and `view::paint_overview` draw: where a pixel
//! lies is worked out on the processor ([`crate::view::PicturePlan`]), what it shows here.

/// A triangle over everything; the fragment shader leaves out what is not the picture.
pub(super) const VERTEX: &str = "
void main() {
    vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
    gl_Position = vec4(corner, 0.0, 1.0);
}
";

/// Places in tables and amplitudes are folded into rows of so many, as a power of two.
pub(super) const TABLE_FOLD: u32 = 11;

/// Colours are counted from 0 to 255, as on the processor.
pub(super) const FRAGMENT: &str = "
uniform usampler2D data;
uniform isampler2D order;
uniform isampler2D columns;
uniform isampler2D rows;
uniform sampler2D row_weights;
uniform isampler2D curves;
uniform isampler2D thin;
uniform sampler2D thin_weights;
uniform sampler2D lookup;

uniform ivec2 origin;
uniform ivec2 size;
uniform int screen_height;
uniform int data_fold;
uniform int n_samples;
uniform int has_order;
uniform int has_colours;
uniform int has_curves;
uniform int nan_wins;
uniform int has_background;
uniform vec3 background;
uniform vec3 nan_colour;
uniform float colour_gain;
uniform float colour_middle;
uniform float curve_gain;
uniform float limit;
uniform float half_width;
uniform int reach;
uniform int fills;
uniform int fills_negative;
uniform float zero_line;
uniform vec3 ink;

out vec4 colour_out;

ivec2 place(int i) { return ivec2(i & 2047, i >> 11); }

bool is_nan(float v) { return (floatBitsToUint(v) & 0x7fffffffu) > 0x7f800000u; }
bool is_padding(float v) { return floatBitsToUint(v) == PADDING; }
bool is_finite(float v) { return (floatBitsToUint(v) & 0x7f800000u) != 0x7f800000u; }

float amplitude(int trace, int i) {
    int at = trace * n_samples + i;
    return uintBitsToFloat(texelFetch(data, ivec2(at & ((1 << data_fold) - 1), at >> data_fold), 0).r);
}

float extreme(float old, float new) {
    if (is_nan(old) || is_nan(new)) {
        return is_padding(old) || (is_nan(new) && !is_padding(new)) ? new : old;
    }
    return abs(new) > abs(old) ? new : old;
}

float extreme_of_numbers(float old, float new) {
    if (is_nan(old) && !(is_padding(new) && !is_padding(old))) { return new; }
    return is_nan(new) ? old : extreme(old, new);
}

float between(int trace, ivec4 way, vec4 weights) {
    float a = amplitude(trace, way.y);
    float b = amplitude(trace, way.z);
    float c = amplitude(trace, way.w);
    float d = amplitude(trace, min(way.w + 1, n_samples - 1));
    float mixed = weights.x * a + weights.y * b + weights.z * c + weights.w * d;
    return is_finite(mixed) ? mixed : (way.x == 2 ? b : c);
}

vec3 colour_of(float v) {
    if (is_nan(v)) { return nan_colour; }
    int entry = int(clamp((v - colour_middle) * colour_gain + 128.0, 0.0, 255.0));
    return floor(texelFetch(lookup, ivec2(entry, 0), 0).rgb * 255.0 + 0.5);
}

float density(ivec2 ranks, ivec4 way, vec4 weights) {
    bool wins = nan_wins == 1;
    float value = uintBitsToFloat(PADDING);
    for (int rank = ranks.x; rank < ranks.y; rank++) {
        int trace = has_order == 1 ? texelFetch(order, place(rank), 0).r : rank;
        if (way.x == 1) {
            for (int i = way.y; i < way.z; i++) {
                float new = amplitude(trace, i);
                value = wins ? extreme(value, new) : extreme_of_numbers(value, new);
            }
        } else {
            float new = between(trace, way, weights);
            value = wins ? extreme(value, new) : extreme_of_numbers(value, new);
        }
        if (wins && is_nan(value) && !is_padding(value)) { break; }
    }
    return value;
}

float overlap(float from, float to, float x) {
    from = max(from, 0.0);
    to = min(to, float(size.x));
    return max(min(to, x + 1.0) - max(from, x), 0.0);
}

vec3 laid_over(vec3 old, vec3 new, float cover) {
    float part = min(floor(cover * 256.0 + 0.5), 256.0);
    return floor((old * (256.0 - part) + new * part + 128.0) / 256.0);
}

vec3 with_curve(vec3 colour, int k, ivec2 pixel) {
    ivec2 curve = texelFetch(curves, place(k), 0).rg;
    float baseline = float(curve.y) + 0.5;
    float x = float(pixel.x);
    float least[10];
    float most[10];
    // 0: no curve here, 1: a curve, 2: not a number.
    int kind[10];
    for (int i = 0; i < 4 + 2 * reach; i++) {
        int at = pixel.y * 4 + i;
        ivec4 way = texelFetch(thin, place(at), 0);
        float low = 0.0;
        float high = 0.0;
        kind[i] = way.x == 0 ? 0 : 1;
        if (way.x == 1) {
            low = amplitude(curve.x, way.y);
            high = low;
            for (int j = way.y + 1; j < way.z && (!is_nan(low) || is_padding(low)); j++) {
                float v = amplitude(curve.x, j);
                if (is_padding(v)) { continue; }
                bool alone = is_padding(low) || is_nan(v);
                low = alone || v < low ? v : low;
                high = alone || v > high ? v : high;
            }
        } else if (way.x > 1) {
            low = between(curve.x, way, texelFetch(thin_weights, place(at), 0));
            high = low;
        }
        if (way.x > 0 && is_nan(low)) {
            kind[i] = is_padding(low) ? 0 : 2;
            low = 0.0;
            high = 0.0;
        }
        float a = clamp(low * curve_gain, -limit, limit);
        float b = clamp(high * curve_gain, -limit, limit);
        least[i] = min(a, b);
        most[i] = max(a, b);
    }
    float cover = 0.0;
    bool has_curve = false;
    bool has_nan = false;
    for (int i = 0; i < 4; i++) {
        float from = 1e30;
        float to = -1e30;
        if (half_width > 0.0) {
            for (int j = 0; j <= 2 * reach; j++) {
                if (kind[i + j] == 1) {
                    float away = float(j - reach) * 0.25;
                    float radius = sqrt(max(half_width * half_width - away * away, 0.0));
                    from = min(from, least[i + j] - radius);
                    to = max(to, most[i + j] + radius);
                }
            }
        }
        int m = i + reach;
        if (kind[m] == 1 && fills == 1 && most[m] > 0.0) {
            from = min(from, 0.0);
            to = max(to, most[m]);
        }
        if (kind[m] == 1 && fills_negative == 1 && least[m] < 0.0) {
            from = min(from, least[m]);
            to = max(to, 0.0);
        }
        if (from < to) { cover += 0.25 * overlap(baseline + from, baseline + to, x); }
        has_curve = has_curve || kind[m] == 1;
        has_nan = has_nan || kind[m] == 2;
    }
    if (zero_line > 0.0 && has_curve && pixel.x == curve.y) {
        colour = laid_over(colour, ink, zero_line);
    }
    colour = laid_over(colour, ink, cover);
    if (has_nan) {
        colour = laid_over(colour, nan_colour, overlap(baseline - 1.0, baseline + 1.0, x));
    }
    return colour;
}

void main() {
    ivec2 pixel = ivec2(int(gl_FragCoord.x), screen_height - 1 - int(gl_FragCoord.y)) - origin;
    if (pixel.x < 0 || pixel.y < 0 || pixel.x >= size.x || pixel.y >= size.y) { discard; }
    ivec4 column = texelFetch(columns, place(pixel.x), 0);
    ivec4 row = texelFetch(rows, place(pixel.y), 0);
    bool inside = column.y > column.x && row.x > 0;
    vec3 colour = background;
    if (inside && has_colours == 1) {
        float value = density(column.xy, row, texelFetch(row_weights, place(pixel.y), 0));
        inside = !is_padding(value);
        if (inside) { colour = colour_of(value); }
    }
    if (!inside && has_background == 0) { discard; }
    if (has_curves == 1) {
        for (int k = column.z; k < column.w; k++) { colour = with_curve(colour, k, pixel); }
    }
    colour_out = vec4(colour / 255.0, 1.0);
}
";
