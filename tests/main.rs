//! All integration tests in one binary: what they make and run first, then what must hold.

// what they make
mod damage;
mod shared;
// what they run
mod run;
mod browser;
// what must hold
mod laws;
mod properties;
mod cases;
mod english;
mod noise;
mod cli;
mod docs;
mod house;
mod settings;
mod formats;
mod formats_xml;
mod formats_tools;
mod formats_real;
mod formats_output;
mod seeds;
mod repeats;
mod consensus;
mod shards;
mod report;
