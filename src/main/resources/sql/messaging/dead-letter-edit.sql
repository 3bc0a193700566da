-- Mends a dead letter that waits, and that nobody replays at this moment: the replay has what it held before. What
-- came first is kept, however often it is mended.
UPDATE hub.dead_letter
SET original_body       = CASE WHEN edited_at IS NULL THEN body ELSE original_body END,
    original_headers    = CASE WHEN edited_at IS NULL THEN headers ELSE original_headers END,
    original_media_type = CASE WHEN edited_at IS NULL THEN media_type ELSE original_media_type END,
    body = coalesce(:body, body), headers = coalesce(CAST(:headers AS jsonb), headers),
    media_type = coalesce(:mediaType, media_type), edited_at = now(), edited_by = :by
WHERE id = :id AND replayed_at IS NULL AND discarded_at IS NULL
  AND (replaying_until IS NULL OR replaying_until < now())
