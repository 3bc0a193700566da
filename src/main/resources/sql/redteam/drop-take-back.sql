-- Takes the note of an upload back. Repeat-safe.
DELETE FROM hub.drop_seen WHERE route = ? AND upload = ?
