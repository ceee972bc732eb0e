PRAGMA application_id=0x53746479;
PRAGMA user_version=1;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE alias (
	former TEXT NOT NULL, 
	item TEXT NOT NULL, 
	deck INTEGER NOT NULL, 
	CONSTRAINT alias_pkey PRIMARY KEY (former)
)
 STRICT

;
INSERT INTO "alias" VALUES('d/old','d/a',1);
CREATE TABLE day (
	day INTEGER NOT NULL, 
	deck TEXT NOT NULL, 
	reviews INTEGER DEFAULT '0' NOT NULL, 
	duration_ms INTEGER DEFAULT '0' NOT NULL, 
	again INTEGER DEFAULT '0' NOT NULL, 
	hard INTEGER DEFAULT '0' NOT NULL, 
	good INTEGER DEFAULT '0' NOT NULL, 
	easy INTEGER DEFAULT '0' NOT NULL, 
	introduced INTEGER DEFAULT '0' NOT NULL, 
	young_passed INTEGER DEFAULT '0' NOT NULL, 
	young_failed INTEGER DEFAULT '0' NOT NULL, 
	mature_passed INTEGER DEFAULT '0' NOT NULL, 
	mature_failed INTEGER DEFAULT '0' NOT NULL, 
	predicted_count INTEGER DEFAULT '0' NOT NULL, 
	predicted REAL DEFAULT '0' NOT NULL, 
	CONSTRAINT day_pkey PRIMARY KEY (day, deck)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "day" VALUES(10,'d',1,900,0,0,1,0,1,0,0,0,0,0,0.0);
INSERT INTO "day" VALUES(11,'d',1,900,1,0,0,0,1,0,0,0,0,0,0.0);
CREATE TABLE deck (
	n INTEGER NOT NULL, 
	id TEXT NOT NULL, 
	path TEXT NOT NULL, 
	stamp_ns INTEGER NOT NULL, 
	stamp_size INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT deck_pkey PRIMARY KEY (n), 
	CONSTRAINT deck_id_key UNIQUE (id)
)
 STRICT

;
INSERT INTO "deck" VALUES(1,'d','/decks/d.md',1,2,'D',0,'{"lessons":[]}');
CREATE TABLE item (
	n INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	deck INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	front TEXT NOT NULL, 
	text TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	requires TEXT NOT NULL, 
	card TEXT NOT NULL, 
	CONSTRAINT item_pkey PRIMARY KEY (n), 
	CONSTRAINT item_key_key UNIQUE ("key")
)
 STRICT

;
INSERT INTO "item" VALUES(1,'d/a',1,0,'basic','front a','text a','a','[]','{}');
INSERT INTO "item" VALUES(2,'d/b',1,1,'basic','front b','text b','b','["d/a"]','{}');
CREATE TABLE journal (
	n INTEGER NOT NULL, 
	id BLOB NOT NULL, 
	device TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	at INTEGER NOT NULL, 
	item TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	grade INTEGER, 
	duration_ms INTEGER, 
	body TEXT NOT NULL, 
	act BLOB, 
	voids BLOB, 
	mistake TEXT, 
	confidence INTEGER, 
	CONSTRAINT journal_pkey PRIMARY KEY (n), 
	CONSTRAINT journal_id_key UNIQUE (id)
)
 STRICT

;
INSERT INTO "journal" VALUES(1,X'01A1FDAC206C70F0B3F28FF26C6BF27C','0123456789abcdef',1,864000000,'d/old','review',3,900,'{"day":10,"due_day":13,"phase":2,"answer":"é"}',NULL,NULL,NULL,NULL);
INSERT INTO "journal" VALUES(2,X'01A1FDAC2073718BB5F3A90E8C332BB8','0123456789abcdef',2,950400000,'d/b','review',1,900,'{"day":11,"due_day":11,"due_at":950460000,"phase":1,"mistake":"sign","confidence":4}',NULL,NULL,'sign',4);
INSERT INTO "journal" VALUES(3,X'01A1FDAC2076737B85E7F501B4EF9CE8','0123456789abcdef',3,950400000,'d/b','bury',NULL,NULL,'{"day":11,"value":12,"prev":"01a1fdac-2073-718b-b5f3-a90e8c332bb8"}',NULL,NULL,NULL,NULL);
INSERT INTO "journal" VALUES(4,X'01A1FDAC207B725AACE4EE638727170E','0123456789abcdef',4,950400000,'d/b','flag',NULL,NULL,'{"day":11,"value":2,"prev":"01a1fdac-2076-737b-85e7-f501b4ef9ce8"}',NULL,NULL,NULL,NULL);
INSERT INTO "journal" VALUES(5,X'01A1FDAC207F704A82E81ADA68CDA311','0123456789abcdef',5,950400005,'d/b','undo',NULL,NULL,'{"voids":"01a1fdac-207b-725a-ace4-ee638727170e","prev":"01a1fdac-207b-725a-ace4-ee638727170e"}',NULL,X'01A1FDAC207B725AACE4EE638727170E',NULL,NULL);
CREATE TABLE memory (
	item TEXT NOT NULL, 
	deck INTEGER, 
	position INTEGER, 
	phase INTEGER DEFAULT '0' NOT NULL, 
	step INTEGER DEFAULT '0' NOT NULL, 
	stability REAL, 
	difficulty REAL, 
	due_day INTEGER, 
	due_at INTEGER, 
	last_at INTEGER, 
	last_day INTEGER, 
	reps INTEGER DEFAULT '0' NOT NULL, 
	lapses INTEGER DEFAULT '0' NOT NULL, 
	suspended INTEGER DEFAULT '0' NOT NULL, 
	buried_until INTEGER, 
	flag INTEGER DEFAULT '0' NOT NULL, 
	leech INTEGER DEFAULT '0' NOT NULL, 
	last_entry BLOB, 
	queue INTEGER, 
	CONSTRAINT memory_pkey PRIMARY KEY (item), 
	CONSTRAINT memory_queue_check CHECK (queue IS CASE WHEN suspended = 1 OR deck IS NULL THEN NULL WHEN phase = 0 THEN 0 WHEN due_at IS NOT NULL THEN 1 ELSE 2 END)
)
 STRICT

;
INSERT INTO "memory" VALUES('d/a',1,0,2,0,2.30649995803833,2.11810398101806640625e+00,13,NULL,864000000,10,1,0,0,NULL,0,0,X'01A1FDAC206C70F0B3F28FF26C6BF27C',2);
INSERT INTO "memory" VALUES('d/b',1,1,1,0,2.11999997496604919433e-01,6.41330003738403320312e+00,11,950460000,950400000,11,1,0,0,12,0,0,X'01A1FDAC207F704A82E81ADA68CDA311',1);
CREATE TABLE meta (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT meta_pkey PRIMARY KEY (name)
)
 STRICT

;
INSERT INTO "meta" VALUES('parameters','{"version":"FSRS-6","values":[0.212,1.2931,2.3065,8.2956,6.4133,0.8334,3.0194,0.001,1.8722,0.1666,0.796,1.4835,0.0614,0.2629,1.6483,0.6014,1.8729,0.5425,0.0912,0.0658,0.1542]}');
ANALYZE "sqlite_master";
INSERT INTO "sqlite_stat1" VALUES('journal','journal_item','5 3');
INSERT INTO "sqlite_stat1" VALUES('journal','journal_confidence','1 1 1');
INSERT INTO "sqlite_stat1" VALUES('journal','journal_mistake','1 1 1');
INSERT INTO "sqlite_stat1" VALUES('journal','journal_device_seq','5 5 1');
INSERT INTO "sqlite_stat1" VALUES('journal','journal_voids','1 1');
INSERT INTO "sqlite_stat1" VALUES('journal','sqlite_autoindex_journal_1','5 1');
INSERT INTO "sqlite_stat1" VALUES('item','item_deck_position','2 2 1');
INSERT INTO "sqlite_stat1" VALUES('item','sqlite_autoindex_item_1','2 1');
INSERT INTO "sqlite_stat1" VALUES('alias','alias_item','1 1');
INSERT INTO "sqlite_stat1" VALUES('alias','sqlite_autoindex_alias_1','1 1');
CREATE INDEX journal_act ON journal (act) WHERE act IS NOT NULL;
CREATE INDEX journal_voids ON journal (voids) WHERE voids IS NOT NULL;
CREATE INDEX journal_device_seq ON journal (device, seq);
CREATE INDEX journal_mistake ON journal (mistake, at) WHERE mistake IS NOT NULL;
CREATE INDEX journal_confidence ON journal (confidence, at) WHERE confidence IS NOT NULL;
CREATE INDEX journal_item ON journal (item);
CREATE INDEX memory_learning ON memory (due_at, deck, buried_until, queue) WHERE queue = 1;
CREATE INDEX memory_due_deck ON memory (deck, due_day, buried_until, queue) WHERE queue = 2;
CREATE INDEX memory_due ON memory (due_day, deck, buried_until, queue) WHERE queue = 2;
CREATE INDEX memory_new ON memory (deck, position, buried_until, queue) WHERE queue = 0;
CREATE INDEX deck_position ON deck (position, id);
CREATE INDEX item_deck_position ON item (deck, position);
CREATE INDEX alias_item ON alias (item);
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only: nothing in it is ever changed or deleted'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only: nothing in it is ever changed or deleted'); END;
COMMIT;
