-- One delivery, whole.
SELECT * FROM hub.delivery WHERE id = :id
