-- Whether a lease is there still. Not whether the run renewed in time: who took it deleted the row.
SELECT count(*) FROM hub.repository_lease l
JOIN hub.job_run r ON r.id = l.run_id AND r.attempt = l.attempt AND r.state = 'running'
WHERE l.id = :id
