-- Which of these keys may still be used. Changes nothing.
SELECT id FROM hub.api_key
 WHERE id = ANY (CAST(:ids AS uuid[]))
   AND revoked_at IS NULL
   AND (expires_at IS NULL OR expires_at > now())
