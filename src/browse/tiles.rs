//! Which tiles of a line are in memory, which are to be drawn now, and which are wanted?
//!
//! Never more bytes than the capacity, but for the coarsest tiles, which always stay: so there is
//! always something to draw.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::overview::{Coarseness, OverviewTile, TileKey};

/// Tiles of one line.
#[derive(Debug)]
pub struct TileSet {
    n_traces: u64,
    capacity_bytes: usize,
    size_bytes: usize,
    tiles: HashMap<TileKey, Kept>,
    clock: u64,
}

#[derive(Debug)]
struct Kept {
    tile: Arc<OverviewTile>,
    used: u64,
}

/// A tile that should be read, and what is there of it already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Which.
    pub key: TileKey,
    /// As it is now; `None`: not there at all.
    pub have: Option<Coarseness>,
}

impl TileSet {
    /// None yet, of a line of `n_traces`.
    pub fn new(n_traces: u64, capacity_bytes: usize) -> Self {
        Self {
            n_traces,
            capacity_bytes,
            size_bytes: 0,
            tiles: HashMap::new(),
            clock: 0,
        }
    }

    /// Takes another capacity; what does not fit any more goes, but for the coarsest tiles.
    pub fn set_capacity(&mut self, capacity_bytes: usize) {
        if capacity_bytes != self.capacity_bytes {
            self.capacity_bytes = capacity_bytes;
            self.shrink_to(capacity_bytes);
        }
    }

    /// Forgets all but the coarsest tiles.
    pub fn clear(&mut self) {
        self.shrink_to(0);
    }

    fn shrink_to(&mut self, most_bytes: usize) {
        let top = TileKey::top_zoom(self.n_traces);
        while self.size_bytes > most_bytes {
            let others = self.tiles.iter().filter(|(key, _)| key.zoom != top);
            let oldest = others.min_by_key(|(_, kept)| kept.used);
            let Some(oldest) = oldest.map(|(key, _)| *key) else {
                break;
            };
            self.forget(oldest);
        }
    }

    /// Bytes of all tiles.
    pub fn size_bytes(&self) -> usize {
        self.size_bytes
    }

    /// Keeps a tile; a finer one that is there already stays.
    pub fn put(&mut self, tile: OverviewTile) {
        let key = tile.key;
        if self
            .tiles
            .get(&key)
            .is_some_and(|kept| kept.tile.coarseness <= tile.coarseness)
        {
            return;
        }
        self.forget(key);
        self.shrink_to(self.capacity_bytes.saturating_sub(tile.size_bytes()));
        self.size_bytes += tile.size_bytes();
        self.clock += 1;
        let used = self.clock;
        let tile = Arc::new(tile);
        self.tiles.insert(key, Kept { tile, used });
    }

    fn forget(&mut self, key: TileKey) {
        if let Some(kept) = self.tiles.remove(&key) {
            self.size_bytes -= kept.tile.size_bytes();
        }
    }

    /// What to draw of `traces` at `zoom`: its tiles, and under those that are missing the nearest
    /// coarser ones. Coarse first, each once.
    pub fn to_draw(&mut self, traces: &Range<u64>, zoom: u8) -> Vec<Arc<OverviewTile>> {
        self.clock += 1;
        let top = TileKey::top_zoom(self.n_traces);
        let mut found: Vec<Arc<OverviewTile>> = Vec::new();
        for mut key in TileKey::over(traces.clone(), zoom.min(top)) {
            while !self.tiles.contains_key(&key) && key.zoom < top {
                key = key.parent();
            }
            if let Some(kept) = self.tiles.get_mut(&key) {
                kept.used = self.clock;
                if !found.iter().any(|tile| tile.key == key) {
                    found.push(Arc::clone(&kept.tile));
                }
            }
        }
        found.sort_by_key(|tile| std::cmp::Reverse(tile.key.zoom));
        found
    }

    /// What should be read to draw `traces` at `zoom` well: the coarsest tiles of the line first, then those
    /// in the window, then their neighbours.
    pub fn wanted(&self, traces: &Range<u64>, zoom: u8) -> Vec<Wanted> {
        let zoom = zoom.min(TileKey::top_zoom(self.n_traces));
        let have = |key: TileKey| self.tiles.get(&key).map(|kept| kept.tile.coarseness);
        let mut keys: Vec<TileKey> = TileKey::top(self.n_traces)
            .filter(|key| have(*key).is_none())
            .collect();
        let visible: Vec<TileKey> = TileKey::over(traces.clone(), zoom).collect();
        let before = visible
            .first()
            .and_then(|k| Some(k.index.checked_sub(1)?).map(|index| TileKey { zoom, index }));
        let after = visible.last().map(|k| TileKey {
            zoom,
            index: k.index + 1,
        });
        let neighbours = before.into_iter().chain(after);
        let neighbours = neighbours.filter(|key| !key.traces(self.n_traces).is_empty());
        keys.extend(visible.iter().copied().chain(neighbours));
        let mut seen = Vec::new();
        for key in keys {
            if !seen.iter().any(|wanted: &Wanted| wanted.key == key) {
                seen.push(Wanted {
                    key,
                    have: have(key),
                });
            }
        }
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tile(zoom: u8, index: u64, samples_a_cell: u64) -> OverviewTile {
        let key = TileKey { zoom, index };
        OverviewTile {
            key,
            traces: key.traces(100_000),
            n_cells: 10,
            coarseness: Coarseness {
                one_in: 1,
                samples_a_cell,
            },
            values: vec![0.0; 2560],
        }
    }

    #[test]
    fn what_is_missing_is_drawn_from_the_next_coarser_tile() {
        let mut set = TileSet::new(100_000, 1 << 20);
        // 100,000 traces: the coarsest zoom is 7, 128 traces a column, 32,768 a tile.
        assert_eq!(TileKey::top_zoom(100_000), 7);
        for index in 0..4 {
            set.put(tile(7, index, 16));
        }
        set.put(tile(3, 1, 4));
        let drawn = set.to_draw(&(0..6000), 3);
        let keys: Vec<_> = drawn.iter().map(|t| (t.key.zoom, t.key.index)).collect();
        assert_eq!(keys, [(7, 0), (3, 1)]);
        let wanted = set.wanted(&(0..6000), 3);
        let keys: Vec<_> = wanted
            .iter()
            .map(|w| (w.key.index, w.have.is_some()))
            .collect();
        assert_eq!(keys, [(0, false), (1, true), (2, false), (3, false)]);
    }

    #[test]
    fn the_capacity_holds_and_the_coarsest_tiles_stay() {
        let size = tile(0, 0, 1).size_bytes();
        let mut set = TileSet::new(100_000, 3 * size);
        set.put(tile(7, 0, 16));
        for index in 0..10 {
            set.put(tile(2, index, 1));
        }
        assert_eq!(set.size_bytes(), 3 * size);
        assert_eq!(set.to_draw(&(0..1), 7).len(), 1);
        assert_eq!(set.to_draw(&(9 * 1024..9 * 1024 + 1), 2)[0].key.zoom, 2);
    }

    #[test]
    fn a_finer_tile_replaces_a_coarse_one_but_not_the_other_way_round() {
        let mut set = TileSet::new(100_000, 1 << 20);
        for samples_a_cell in [64, 4, 16] {
            set.put(tile(7, 0, samples_a_cell));
        }
        assert_eq!(set.to_draw(&(0..1), 7)[0].coarseness.samples_a_cell, 4);
    }
}
