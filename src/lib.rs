pub mod chars;
pub mod edit;
pub mod normalise;
pub mod page;
pub mod segment;
