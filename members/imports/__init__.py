"""Tables of the network brought in: each row labelled before anything is written, then done exactly so."""
