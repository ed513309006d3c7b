//! Settings that are one of a few names: each name, and what it means, once.

/// A value that is chosen by its name, on the command line, in a file of settings, in JSON.
pub trait Choice: Copy + PartialEq + 'static {
    /// Every value, its name and what it means, in the order in which they are listed.
    const ALL: &'static [Named<Self>];

    fn name(self) -> &'static str;

    /// The value of that name, if there is one.
    fn named(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|named| named.name == name);
        found.map(|named| named.value)
    }

    /// All names.
    fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|named| named.name)
    }
}

/// A value of a choice.
#[derive(Debug, Clone, Copy)]
pub struct Named<C: 'static> {
    pub value: C,
    pub name: &'static str,
    /// Empty, where the name says it.
    pub about: &'static str,
}

/// Declares an enum whose values are chosen by name; after its own name stands its default.
macro_rules! choices {
    (
        $(#[$doc:meta])*
        $vis:vis enum $Enum:ident: $default:ident {
            $( $(#[$attr:meta])* $Variant:ident = $name:literal $(: $about:literal)?; )+
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        $vis enum $Enum {
            $( $(#[$attr])* $(#[doc = $about])? $Variant, )+
        }

        impl $crate::text::choice::Choice for $Enum {
            const ALL: &'static [$crate::text::choice::Named<Self>] = &[
                $(
                    $(#[$attr])*
                    $crate::text::choice::Named {
                        value: $Enum::$Variant,
                        name: $name,
                        about: concat!($($about)?),
                    },
                )+
            ];

            fn name(self) -> &'static str {
                match self {
                    $( $(#[$attr])* $Enum::$Variant => $name, )+
                }
            }
        }

        impl Default for $Enum {
            fn default() -> Self {
                $Enum::$default
            }
        }

        impl serde::Serialize for $Enum {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str($crate::text::choice::Choice::name(*self))
            }
        }

        impl<'de> serde::Deserialize<'de> for $Enum {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let name = std::borrow::Cow::<str>::deserialize(deserializer)?;
                <$Enum as $crate::text::choice::Choice>::named(&name).ok_or_else(|| {
                    serde::de::Error::custom(format!("{name:?} is not a {}", stringify!($Enum)))
                })
            }
        }
    };
}
pub(crate) use choices;

#[cfg(test)]
mod tests {
    use super::*;

    choices! {
        /// How much of it.
        pub(super) enum Much: Some {
            Some = "some";
            #[cfg(test)]
            All = "all": "Nothing is left out";
        }
    }

    #[test]
    fn a_value_goes_through_its_name() {
        assert_eq!(Much::names().collect::<Vec<_>>(), ["some", "all"]);
        assert_eq!(Much::default(), Much::Some);
        assert_eq!(Much::ALL[1].about, "Nothing is left out");
        for named in Much::ALL {
            assert_eq!(Much::named(named.name), Some(named.value));
            let json = serde_json::to_string(&named.value).unwrap();
            assert_eq!(json, format!("\"{}\"", named.name));
            assert_eq!(serde_json::from_str::<Much>(&json).unwrap(), named.value);
        }
        assert_eq!(Much::named("none"), None);
        assert!(serde_json::from_str::<Much>("\"none\"").is_err());
    }
}
