-- A snapshot that was damaged is whole again: neither broken nor proven, until the next drill. Repeat-safe.
UPDATE hub.snapshot SET verified = NULL, drill_detail = NULL
WHERE source = :source AND id = :id AND NOT verified
