//! `signalpost schema`
