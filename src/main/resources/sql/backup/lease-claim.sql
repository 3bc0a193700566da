-- Notes which snapshot a retention removes now, so that nobody begins to read it.
UPDATE hub.repository_lease SET snapshot = :snapshot WHERE id = :id
