-- nothing yet
/* BEGIN; COMMIT; */
