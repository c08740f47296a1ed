CREATE TABLE link_visit (
  tracker_url UUID NOT NULL,
  day DATE NOT NULL,
  visits BIGINT DEFAULT 0 NOT NULL,
  visitors BIGINT DEFAULT 0 NOT NULL,
  machines BIGINT DEFAULT 0 NOT NULL,
  last_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_link_visit PRIMARY KEY (tracker_url, day),
  CONSTRAINT fk_link_visit_tracker_url FOREIGN KEY(tracker_url) REFERENCES tracker_urls (id) ON DELETE CASCADE
);
CREATE TABLE link_visitor (
  tracker_url UUID NOT NULL,
  day DATE NOT NULL,
  mark TEXT NOT NULL,
  CONSTRAINT pk_link_visitor PRIMARY KEY (tracker_url, day, mark),
  CONSTRAINT fk_link_visitor_tracker_url FOREIGN KEY(tracker_url) REFERENCES tracker_urls (id) ON DELETE CASCADE
);
CREATE SEQUENCE tracker_urls_link_number_seq;
ALTER TABLE tracker_urls ADD COLUMN link_number BIGINT DEFAULT nextval('tracker_urls_link_number_seq');
CREATE UNIQUE INDEX ux_tracker_urls_link_number ON tracker_urls (link_number) WHERE deleted_at IS NULL;
