-- A page of findings is read in this order, forwards from any cursor: see Findings/FindingQuery.cs. Not partial, because
-- pages of closed findings are read in the same order.
drop index hub.finding_order;
create index finding_order on hub.finding (coalesce(gap_fen, '-9223372036854775808'::bigint) desc, id desc);
