//! The sample line as a SEG-Y file: revision 1, IBM floats, EBCDIC, as contractors deliver.
