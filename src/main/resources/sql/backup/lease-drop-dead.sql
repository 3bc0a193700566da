-- Takes leases of the given kinds from runs that are over or did not renew in time. Such a run may
-- wake up and renew its lease in the ledger; it finds this row gone, and stops.
DELETE FROM hub.repository_lease l
WHERE l.place = :place AND l.kind IN (:kinds)
  AND NOT EXISTS (SELECT FROM hub.job_run r
                  WHERE r.id = l.run_id AND r.attempt = l.attempt AND r.state = 'running'
                    AND r.lease_until > clock_timestamp())
