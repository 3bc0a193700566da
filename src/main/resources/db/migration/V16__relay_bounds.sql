-- A lane's next events as they are relayed: at most so many, and about so many bytes of text. jsonb writes its
-- numbers without exponents, so that 8 bytes of 1e131071 become 131,072: the size of a text is looked at before
-- anybody reads it. An event that is too large, or that the server cannot write out, comes with what is wrong in
-- trouble and, where that can be told, without its data: it must not hold up those behind it.
-- In plpgsql, since an event that cannot be written out must not fail the others.
CREATE FUNCTION hub.outbox_next(of_lane integer, most_events integer, most_bytes integer, largest integer)
RETURNS TABLE (seq bigint, id uuid, channel text, key text, type text, envelope text, trouble text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
  one   hub.outbox%ROWTYPE;
  total bigint := 0;
BEGIN
  FOR one IN SELECT o.* FROM hub.outbox o
             WHERE o.lane = of_lane AND o.relayed_at IS NULL ORDER BY o.seq LIMIT most_events LOOP
    seq := one.seq; id := one.id; channel := one.channel; key := one.key; type := one.type;
    envelope := NULL;
    trouble := NULL;
    BEGIN
      -- Before the text: a few thousand of these are more memory than a server may have.
      IF one.envelope @? 'strict $.** ? (@ > 1.8e308 || @ < -1.8e308 || @ > 0 && @ < 1e-400 || @ < 0 && @ > -1e-400)' THEN
        trouble := 'holds a number beyond ±1.8e308, or one closer to 0 than 1e-400';
      ELSE
        envelope := CAST(one.envelope AS text);
        IF octet_length(envelope) > largest THEN
          trouble := 'has ' || octet_length(envelope) || ' bytes, but at most ' || largest || ' are relayed';
          envelope := NULL;
        END IF;
      END IF;
    EXCEPTION WHEN program_limit_exceeded OR internal_error OR data_corrupted OR data_exception THEN
      trouble := 'cannot be written out: ' || SQLERRM;
    END;
    IF trouble IS NOT NULL THEN
      BEGIN
        envelope := CAST(one.envelope - 'data'
                         || jsonb_build_object('data', jsonb_build_object('omitted', trouble)) AS text);
        IF octet_length(envelope) > largest THEN
          envelope := NULL;
        END IF;
      EXCEPTION WHEN program_limit_exceeded OR internal_error OR data_corrupted OR data_exception
                  OR invalid_parameter_value THEN
        envelope := NULL;
      END;
    END IF;
    total := total + coalesce(octet_length(envelope), 0);
    RETURN NEXT;
    EXIT WHEN total >= most_bytes;
  END LOOP;
END $$;
COMMENT ON FUNCTION hub.outbox_next(integer, integer, integer, integer) IS
  'The next events of a lane as they are relayed, with what is wrong of those that cannot be';
