-- Whether an upload is settled. Changes nothing.
SELECT count(*) FROM hub.drop_seen WHERE route = ? AND upload = ?
