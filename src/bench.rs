//! What benchmarks and tests need from the inside, by the names of its folders. It is not part of the interface of the
//! library and may change at any time.

pub mod lexicon {
    pub use crate::lexicon::words;
}

pub mod logistic {
    pub use crate::logistic::{Features, Logistic};
}

pub mod nature {
    pub use crate::nature::nature;
}

pub mod normalise {
    pub use crate::normalise::{REPAIRS, RULES, normalise};

    pub mod letters {
        pub use crate::normalise::letters::{APPLY_FROM, MODEL, Misread, misread};
    }
}

pub mod page {
    pub use crate::page::{BETWEEN_ARTICLES, Kind, Page};

    pub mod cause {
        pub use crate::page::cause::{CAUSES, CauseId, CauseInfo, Class};
    }

    pub mod edit {
        pub use crate::page::edit::{Cause, Change, Edit, Place, Span, Undo, undo};
    }

    pub mod hints {
        pub use crate::page::hints::{Hints, KINDS};
    }

    pub mod nature {
        pub use crate::page::nature::{Form, Nature};
    }
}

pub mod read {
    pub use crate::read::{Item, encode, encoding_named, files, open};
}

pub mod rejoin {
    pub use crate::rejoin::{Junction, assign, hyphen, rejoin};

    pub mod han {
        pub use crate::rejoin::han::HanSeams;
    }

    pub mod judge {
        pub use crate::rejoin::judge::{Looks, Pair, Seams, candidates, look_again, pairs};
    }

    pub mod latin {
        pub use crate::rejoin::latin::{LatinSeams, likely};
    }

    pub mod lines {
        pub use crate::rejoin::lines::Lines;
    }
}

pub mod repeats {
    pub use crate::repeats::{METHODS, apply};

    pub mod differences {
        pub use crate::repeats::differences::{Contained, Judgement, Text, Thresholds, judge};
    }

    pub mod strict {
        pub use crate::repeats::strict::{Sign, is_same, key, signs};
    }
}

pub mod segment {
    pub use crate::segment::segment;
}

pub mod settle {
    pub use crate::settle::settle;
}

pub mod shingle {
    pub use crate::shingle::shingles;
}

pub mod text {
    pub mod chars {
        pub use crate::text::chars::is_han;
    }

    pub mod choice {
        pub use crate::text::choice::Choice;
    }

    pub mod english {
        pub use crate::text::english::{ENDINGS, inflect};
    }

    pub mod letters {
        pub use crate::text::letters::{Letter, fold};
    }

    pub mod sentence {
        pub use crate::text::sentence::Ending;
    }
}

pub mod write {
    pub mod record {
        pub use crate::write::record::{Changed, Clean, Clustered, Source, changes, clean, line};
    }

    pub mod records {
        pub use crate::write::records::{Ready, Records};
    }
}
