//! To come: diagnosis.
