-- Notes the holds of a snapshot as they lie beside it. Repeat-safe.
UPDATE hub.snapshot SET holds = CAST(:holds AS jsonb) WHERE source = :source AND id = :id
