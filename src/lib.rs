//! signalpost
