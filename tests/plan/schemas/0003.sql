BEGIN TRANSACTION;
CREATE TABLE plan_comments (
	id VARCHAR(40) NOT NULL, 
	version INTEGER NOT NULL, 
	deleted BOOLEAN NOT NULL, 
	proposal_id VARCHAR(40) NOT NULL, 
	department VARCHAR(40) NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	"by" TEXT NOT NULL, 
	text TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "plan_comments" VALUES('C-WW3A-3WSY',1,0,'P-8X4B-3YWY','','2026-11-27T06:24:07.050194+00:00','王','Seen on site.');
CREATE TABLE plan_consultations (
	id VARCHAR(40) NOT NULL, 
	version INTEGER NOT NULL, 
	deleted BOOLEAN NOT NULL, 
	proposal_id VARCHAR(40) NOT NULL, 
	department VARCHAR(40) NOT NULL, 
	need VARCHAR(40) NOT NULL, 
	due VARCHAR(40) NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	"by" TEXT NOT NULL, 
	note TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "plan_consultations" VALUES('A-WFRQ-DBQN',1,0,'P-8X4B-3YWY','planning','needed','2026-12-11','2026-11-27T06:24:06.998100+00:00','王','');
INSERT INTO "plan_consultations" VALUES('A-CRR6-YATV',1,0,'P-8X4B-3YWY','civil_affairs','wished','2027-01-31','2026-11-27T06:24:07.042203+00:00','王','');
CREATE TABLE plan_documents (
	id VARCHAR(40) NOT NULL, 
	version INTEGER NOT NULL, 
	deleted BOOLEAN NOT NULL, 
	proposal_id VARCHAR(40) NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	"by" TEXT NOT NULL, 
	title TEXT NOT NULL, 
	link TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "plan_documents" VALUES('D-X9EM-6KC1',1,0,'P-8X4B-3YWY','2026-11-27T06:24:07.054174+00:00','王','Minutes','https://example.org/m.pdf');
CREATE TABLE plan_limits (
	id VARCHAR(40) NOT NULL, 
	version INTEGER NOT NULL, 
	deleted BOOLEAN NOT NULL, 
	workspace TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	note TEXT NOT NULL, 
	created_by TEXT NOT NULL, 
	department VARCHAR(40) NOT NULL, 
	created_at VARCHAR(40) NOT NULL, 
	changed_at VARCHAR(40) NOT NULL, 
	year INTEGER NOT NULL, 
	amount FLOAT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "plan_limits" VALUES('L-TN5Z-3SNW',1,0,'town.gpkg','CNY 10,000','','王','health','2026-11-27T15:47:20.098553+00:00','2026-11-27T15:47:20.098553+00:00',2028,500.0);
CREATE TABLE plan_proposals (
	id VARCHAR(40) NOT NULL, 
	version INTEGER NOT NULL, 
	deleted BOOLEAN NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	department VARCHAR(40) NOT NULL, 
	action VARCHAR(40) NOT NULL, 
	origin VARCHAR(40) NOT NULL, 
	superseded_by VARCHAR(40) NOT NULL, 
	created_at VARCHAR(40) NOT NULL, 
	changed_at VARCHAR(40) NOT NULL, 
	workspace TEXT NOT NULL, 
	title TEXT NOT NULL, 
	note TEXT NOT NULL, 
	facility_id TEXT NOT NULL, 
	crs TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	cost_source TEXT NOT NULL, 
	funding TEXT NOT NULL, 
	kinds TEXT NOT NULL, 
	changes TEXT NOT NULL, 
	known_by TEXT NOT NULL, 
	figures TEXT NOT NULL, 
	opened_source TEXT NOT NULL, 
	created_by TEXT NOT NULL, 
	geometry BLOB NOT NULL, 
	floor_area_m2 FLOAT, 
	cost FLOAT, 
	year INTEGER, cost_high FLOAT, made_of TEXT, 
	PRIMARY KEY (id)
);
INSERT INTO "plan_proposals" VALUES('P-8X4B-3YWY',5,0,'approved','health','build','hand','','2026-11-27T06:24:06.971722+00:00','2026-11-27T06:24:07.067716+00:00','town.gpkg','卫生站 “北门”','','','EPSG:4547','CNY 10,000','unverified','','["clinic"]','[{"do":"open","facility_id":"P-8X4B-3YWY/clinic","kind":"clinic","x":10.0,"y":20.0}]','{}','null','','王',X'010100000000000000000024400000000000003440',150.0,120.0,2027,NULL,NULL);
INSERT INTO "plan_proposals" VALUES('P-D60X-YW3W',2,1,'draft','health','build','hand','','2026-11-27T06:24:07.074351+00:00','2026-11-27T06:24:07.078049+00:00','town.gpkg','entered twice','','','EPSG:4547','CNY 10,000','unverified','','["clinic"]','[{"do":"open","facility_id":"P-D60X-YW3W/clinic","kind":"clinic","x":10.0,"y":20.0}]','{}','null','','王',X'010100000000000000000024400000000000003440',NULL,120.0,2027,NULL,NULL);
INSERT INTO "plan_proposals" VALUES('P-SAT7-N8PQ',1,0,'draft','health','build','hand','','2026-11-27T23:16:02.613608+00:00','2026-11-27T23:16:02.613608+00:00','town.gpkg','clinic','','','EPSG:4547','','','','["clinic"]','[{"do":"open","facility_id":"P-SAT7-N8PQ/clinic","kind":"clinic","x":10.0,"y":20.0}]','{}','null','','wang',X'010100000000000000000024400000000000003440',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "plan_proposals" VALUES('P-5WB5-0D54',1,0,'draft','culture','build','hand','','2026-11-27T23:16:02.656831+00:00','2026-11-27T23:16:02.656831+00:00','town.gpkg','library','','','EPSG:4547','','','','["library"]','[{"do":"open","facility_id":"P-5WB5-0D54/library","kind":"library","x":10.0,"y":20.0}]','{}','null','','wang',X'010100000000000000000024400000000000003440',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "plan_proposals" VALUES('P-AAAA-AAAA',1,0,'draft','health','build','joint','','2026-11-27T23:16:02.682360+00:00','2026-11-27T23:16:02.682360+00:00','town.gpkg','','','','EPSG:4547','','','','["clinic","library"]','[{"building":"P-AAAA-AAAA","do":"open","facility_id":"P-AAAA-AAAA/clinic","kind":"clinic","x":10.0,"y":20.0},{"building":"P-AAAA-AAAA","do":"open","facility_id":"P-AAAA-AAAA/library","kind":"library","x":10.0,"y":20.0}]','{}','null','','wang',X'010100000000000000000024400000000000003440',NULL,NULL,NULL,NULL,'P-SAT7-N8PQ P-5WB5-0D54');
CREATE TABLE plan_reviews (
	id VARCHAR(40) NOT NULL, 
	version INTEGER NOT NULL, 
	deleted BOOLEAN NOT NULL, 
	proposal_id VARCHAR(40) NOT NULL, 
	department VARCHAR(40) NOT NULL, 
	position VARCHAR(40) NOT NULL, 
	content_sign VARCHAR(40) NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	answered_at VARCHAR(40) NOT NULL, 
	reason TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	answer TEXT NOT NULL, 
	answered_by TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "plan_reviews" VALUES('R-A03R-HY1E',2,0,'P-8X4B-3YWY','planning','object','6f4cc8b69e493d950db428a813a376f7','2026-11-27T06:24:07.026153+00:00','2026-11-27T06:24:07.030155+00:00','No land there.','王','The school lends its yard.','王');
CREATE TABLE plan_store (
	id INTEGER NOT NULL, 
	store_id VARCHAR(40) NOT NULL, 
	created_at VARCHAR(40) NOT NULL, 
	entries INTEGER NOT NULL, 
	head VARCHAR(64) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "plan_store" VALUES(1,'d584b8b0bb309e9cec82743e','2026-11-27T06:24:06.967777+00:00',18,'2d8a85f74afeb9b0a51729894f59fefc42411a92462adc2820d150bea2dbc722');
CREATE TABLE plan_targets (
	id VARCHAR(40) NOT NULL, 
	version INTEGER NOT NULL, 
	deleted BOOLEAN NOT NULL, 
	workspace TEXT NOT NULL, 
	area TEXT NOT NULL, 
	note TEXT NOT NULL, 
	created_by TEXT NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	"group" VARCHAR(40) NOT NULL, 
	level VARCHAR(40) NOT NULL, 
	measure VARCHAR(40) NOT NULL, 
	created_at VARCHAR(40) NOT NULL, 
	changed_at VARCHAR(40) NOT NULL, 
	share FLOAT NOT NULL, 
	step FLOAT NOT NULL, 
	reached FLOAT NOT NULL, 
	year INTEGER NOT NULL, 
	years INTEGER NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "plan_targets" VALUES('T-Y88A-94T8',1,0,'town.gpkg','','“二十五条”','王','clinic','','district','communities','2026-11-27T15:47:20.094569+00:00','2026-11-27T15:47:20.094569+00:00',0.2,0.2,1.0,2027,5);
CREATE TABLE plan_trail (
	number INTEGER NOT NULL, 
	entry_id VARCHAR(40) NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	recorded_at VARCHAR(40) NOT NULL, 
	via VARCHAR(40) NOT NULL, 
	layer VARCHAR(40) NOT NULL, 
	row_id VARCHAR(40) NOT NULL, 
	proposal_id VARCHAR(40) NOT NULL, 
	deed VARCHAR(40) NOT NULL, 
	origin VARCHAR(40) NOT NULL, 
	planner VARCHAR(40) NOT NULL, 
	actor TEXT NOT NULL, 
	login TEXT NOT NULL, 
	why TEXT NOT NULL, 
	"before" TEXT NOT NULL, 
	"after" TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	applies BOOLEAN NOT NULL, 
	previous VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE (entry_id)
);
INSERT INTO "plan_trail" VALUES(1,'9d974a4e2588ed9f1015dfc8','2026-11-27T06:24:06.971722+00:00','2026-11-27T06:24:06.971722+00:00','alone','proposal','P-8X4B-3YWY','P-8X4B-3YWY','propose','d584b8b0bb309e9cec82743e','0.1.0','王','','','{}','{"action":"build","changed_at":"2026-11-27T06:24:06.971722+00:00","changes":[{"do":"open","facility_id":"P-8X4B-3YWY/clinic","kind":"clinic","x":10.0,"y":20.0}],"cost":120.0,"cost_source":"unverified","created_at":"2026-11-27T06:24:06.971722+00:00","created_by":"王","crs":"EPSG:4547","currency":"CNY 10,000","deleted":false,"department":"health","facility_id":"","figures":null,"floor_area_m2":null,"funding":"","geometry":"010100000000000000000024400000000000003440","kinds":["clinic"],"known_by":{},"note":"","opened_source":"","origin":"hand","status":"draft","superseded_by":"","title":"卫生站 “北门”","version":1,"workspace":"town.gpkg","year":2027}',1,1,'','3a056b1a939f4d803800a8e6e6b9b3277bfb6b98ea736c9bc662bf9671a20ddb');
INSERT INTO "plan_trail" VALUES(2,'4a1ad33fbcff01c09cfc6cfb','2026-11-27T06:24:06.986419+00:00','2026-11-27T06:24:06.986419+00:00','alone','proposal','P-8X4B-3YWY','P-8X4B-3YWY','edit','d584b8b0bb309e9cec82743e','0.1.0','王','','','{"changed_at":"2026-11-27T06:24:06.971722+00:00","floor_area_m2":null,"version":1}','{"changed_at":"2026-11-27T06:24:06.986419+00:00","floor_area_m2":150.0,"version":2}',2,1,'3a056b1a939f4d803800a8e6e6b9b3277bfb6b98ea736c9bc662bf9671a20ddb','73c2c028c75982ac712cac089697df1d079f4f3cc133f2b8fd685b8e5c22520d');
INSERT INTO "plan_trail" VALUES(3,'acb1d23f5f2d8b7ef4709ead','2026-11-27T06:24:06.998100+00:00','2026-11-27T06:24:06.998100+00:00','alone','proposal','P-8X4B-3YWY','P-8X4B-3YWY','submit','d584b8b0bb309e9cec82743e','0.1.0','王','','','{"changed_at":"2026-11-27T06:24:06.986419+00:00","status":"draft","version":2}','{"changed_at":"2026-11-27T06:24:06.998100+00:00","status":"submitted","version":3}',3,1,'73c2c028c75982ac712cac089697df1d079f4f3cc133f2b8fd685b8e5c22520d','849b5b1d87fcf5b91912e87a2531ed126de4c55c423afb77c382e7ed489fff88');
INSERT INTO "plan_trail" VALUES(4,'25fc5ea0bb244de2c369dfc1','2026-11-27T06:24:06.998100+00:00','2026-11-27T06:24:06.998100+00:00','alone','consultation','A-WFRQ-DBQN','P-8X4B-3YWY','consult','d584b8b0bb309e9cec82743e','0.1.0','王','','','{}','{"at":"2026-11-27T06:24:06.998100+00:00","by":"王","deleted":false,"department":"planning","due":"2026-12-11","need":"needed","note":"","proposal_id":"P-8X4B-3YWY","version":1}',1,1,'849b5b1d87fcf5b91912e87a2531ed126de4c55c423afb77c382e7ed489fff88','1e4d6e4806e3cf1c50f1ad23c12e2b6191902613ec0cbfa8f0badbc21ab5a5f8');
INSERT INTO "plan_trail" VALUES(5,'46b8c2585488b82f0cdfe38a','2026-11-27T06:24:07.015539+00:00','2026-11-27T06:24:07.015539+00:00','alone','proposal','P-8X4B-3YWY','P-8X4B-3YWY','take_up','d584b8b0bb309e9cec82743e','0.1.0','王','','','{"changed_at":"2026-11-27T06:24:06.998100+00:00","status":"submitted","version":3}','{"changed_at":"2026-11-27T06:24:07.015539+00:00","status":"under_review","version":4}',4,1,'1e4d6e4806e3cf1c50f1ad23c12e2b6191902613ec0cbfa8f0badbc21ab5a5f8','236eb8ba52eaf5c5015f2b3528d281cdb9116da3cf5c8325d2f323920fc50a99');
INSERT INTO "plan_trail" VALUES(6,'3d9ac246019093a5fd603a76','2026-11-27T06:24:07.026153+00:00','2026-11-27T06:24:07.026153+00:00','alone','review','R-A03R-HY1E','P-8X4B-3YWY','object','d584b8b0bb309e9cec82743e','0.1.0','王','','No land there.','{}','{"answer":"","answered_at":"","answered_by":"","at":"2026-11-27T06:24:07.026153+00:00","by":"王","content_sign":"6f4cc8b69e493d950db428a813a376f7","deleted":false,"department":"planning","position":"object","proposal_id":"P-8X4B-3YWY","reason":"No land there.","version":1}',1,1,'236eb8ba52eaf5c5015f2b3528d281cdb9116da3cf5c8325d2f323920fc50a99','7027ff93e98de866a4f43b178f65adafc1a591055ba7055997069712ed5f0899');
INSERT INTO "plan_trail" VALUES(7,'702b402cd55f302ee3ae69ea','2026-11-27T06:24:07.030155+00:00','2026-11-27T06:24:07.030155+00:00','alone','review','R-A03R-HY1E','P-8X4B-3YWY','answer','d584b8b0bb309e9cec82743e','0.1.0','王','','The school lends its yard.','{"answer":"","answered_at":"","answered_by":"","version":1}','{"answer":"The school lends its yard.","answered_at":"2026-11-27T06:24:07.030155+00:00","answered_by":"王","version":2}',2,1,'7027ff93e98de866a4f43b178f65adafc1a591055ba7055997069712ed5f0899','39464157d8f48af7da53cc0737470edb68e1330d6d9d9c0c5d385c5dfb13bffc');
INSERT INTO "plan_trail" VALUES(8,'94f9dcb6e1bc340128af4d3a','2026-11-27T06:24:07.042203+00:00','2026-11-27T06:24:07.042203+00:00','alone','consultation','A-CRR6-YATV','P-8X4B-3YWY','consult','d584b8b0bb309e9cec82743e','0.1.0','王','','','{}','{"at":"2026-11-27T06:24:07.042203+00:00","by":"王","deleted":false,"department":"civil_affairs","due":"2027-01-31","need":"wished","note":"","proposal_id":"P-8X4B-3YWY","version":1}',1,1,'39464157d8f48af7da53cc0737470edb68e1330d6d9d9c0c5d385c5dfb13bffc','e8c70f7b03823be4000aaa866cbf91173078c669f1c2c771eab375c68bbf8741');
INSERT INTO "plan_trail" VALUES(9,'03ec067fce741325f491dc96','2026-11-27T06:24:07.050194+00:00','2026-11-27T06:24:07.050194+00:00','alone','comment','C-WW3A-3WSY','P-8X4B-3YWY','comment','d584b8b0bb309e9cec82743e','0.1.0','王','','','{}','{"at":"2026-11-27T06:24:07.050194+00:00","by":"王","deleted":false,"department":"","proposal_id":"P-8X4B-3YWY","text":"Seen on site.","version":1}',1,1,'e8c70f7b03823be4000aaa866cbf91173078c669f1c2c771eab375c68bbf8741','c7d3e4d6d518885a5fc59aef9dfa5555ff3ec03287788ef90b0933b98a33a6fb');
INSERT INTO "plan_trail" VALUES(10,'422631a1390bb03c709693f0','2026-11-27T06:24:07.054174+00:00','2026-11-27T06:24:07.054174+00:00','alone','document','D-X9EM-6KC1','P-8X4B-3YWY','document','d584b8b0bb309e9cec82743e','0.1.0','王','','','{}','{"at":"2026-11-27T06:24:07.054174+00:00","by":"王","deleted":false,"link":"https://example.org/m.pdf","proposal_id":"P-8X4B-3YWY","title":"Minutes","version":1}',1,1,'c7d3e4d6d518885a5fc59aef9dfa5555ff3ec03287788ef90b0933b98a33a6fb','3ad2d71b66e09f6df195f728f9e2fb65329e51dc87d9219c3d961dad3b9618c4');
INSERT INTO "plan_trail" VALUES(11,'998ee54593f368c421338ccd','2026-11-27T06:24:07.067716+00:00','2026-11-27T06:24:07.067716+00:00','alone','proposal','P-8X4B-3YWY','P-8X4B-3YWY','approve','d584b8b0bb309e9cec82743e','0.1.0','王','','agreed','{"changed_at":"2026-11-27T06:24:07.015539+00:00","status":"under_review","version":4}','{"changed_at":"2026-11-27T06:24:07.067716+00:00","status":"approved","version":5}',5,1,'3ad2d71b66e09f6df195f728f9e2fb65329e51dc87d9219c3d961dad3b9618c4','138ca1a4972e49555283311e37c2e6102db1b72d347bca3f8e60fdfc73046191');
INSERT INTO "plan_trail" VALUES(12,'4b4a996b01285927eb104547','2026-11-27T06:24:07.074351+00:00','2026-11-27T06:24:07.074351+00:00','alone','proposal','P-D60X-YW3W','P-D60X-YW3W','propose','d584b8b0bb309e9cec82743e','0.1.0','王','','','{}','{"action":"build","changed_at":"2026-11-27T06:24:07.074351+00:00","changes":[{"do":"open","facility_id":"P-D60X-YW3W/clinic","kind":"clinic","x":10.0,"y":20.0}],"cost":120.0,"cost_source":"unverified","created_at":"2026-11-27T06:24:07.074351+00:00","created_by":"王","crs":"EPSG:4547","currency":"CNY 10,000","deleted":false,"department":"health","facility_id":"","figures":null,"floor_area_m2":null,"funding":"","geometry":"010100000000000000000024400000000000003440","kinds":["clinic"],"known_by":{},"note":"","opened_source":"","origin":"hand","status":"draft","superseded_by":"","title":"entered twice","version":1,"workspace":"town.gpkg","year":2027}',1,1,'138ca1a4972e49555283311e37c2e6102db1b72d347bca3f8e60fdfc73046191','b923ced56e5aeb41b3819e246f2075d38bf3f9940515bae3b5f254a3a83d1274');
INSERT INTO "plan_trail" VALUES(13,'f3b999fea61c34327ee4f7e0','2026-11-27T06:24:07.078049+00:00','2026-11-27T06:24:07.078049+00:00','alone','proposal','P-D60X-YW3W','P-D60X-YW3W','put_aside','d584b8b0bb309e9cec82743e','0.1.0','王','','twice','{"changed_at":"2026-11-27T06:24:07.074351+00:00","deleted":false,"version":1}','{"changed_at":"2026-11-27T06:24:07.078049+00:00","deleted":true,"version":2}',2,1,'b923ced56e5aeb41b3819e246f2075d38bf3f9940515bae3b5f254a3a83d1274','d96eede380d444636f7650459fde5ffd7173859a763bfb9656fc925215a364dc');
INSERT INTO "plan_trail" VALUES(14,'11e8f0b0cf4d1a26dbdf63ec','2026-11-27T15:47:20.094569+00:00','2026-11-27T15:47:20.094569+00:00','alone','target','T-Y88A-94T8','T-Y88A-94T8','set_target','d584b8b0bb309e9cec82743e','0.1.0','王','wang','council','{}','{"area":"","changed_at":"2026-11-27T15:47:20.094569+00:00","created_at":"2026-11-27T15:47:20.094569+00:00","created_by":"王","deleted":false,"group":"","kind":"clinic","level":"district","measure":"communities","note":"“二十五条”","reached":1.0,"share":0.2,"step":0.2,"version":1,"workspace":"town.gpkg","year":2027,"years":5}',1,1,'d96eede380d444636f7650459fde5ffd7173859a763bfb9656fc925215a364dc','6bea4c5d606885e00a4f69fbfe4616c9690ad542176094f4c33041b163219c03');
INSERT INTO "plan_trail" VALUES(15,'05cba2945e0841d78c6e9f69','2026-11-27T15:47:20.098553+00:00','2026-11-27T15:47:20.098553+00:00','alone','limit','L-TN5Z-3SNW','L-TN5Z-3SNW','set_limit','d584b8b0bb309e9cec82743e','0.1.0','王','wang','','{}','{"amount":500.0,"changed_at":"2026-11-27T15:47:20.098553+00:00","created_at":"2026-11-27T15:47:20.098553+00:00","created_by":"王","currency":"CNY 10,000","deleted":false,"department":"health","note":"","version":1,"workspace":"town.gpkg","year":2028}',1,1,'6bea4c5d606885e00a4f69fbfe4616c9690ad542176094f4c33041b163219c03','ffb6c6b7b3fbea81547344f73b58df7dee4db90e317c57d981b6baef204a7403');
INSERT INTO "plan_trail" VALUES(16,'7c2a26d071c8075aec4ad685','2026-11-27T23:16:02.613608+00:00','2026-11-27T23:16:02.613608+00:00','alone','proposal','P-SAT7-N8PQ','P-SAT7-N8PQ','propose','d584b8b0bb309e9cec82743e','0.1.0','wang','wang','','{}','{"action":"build","changed_at":"2026-11-27T23:16:02.613608+00:00","changes":[{"do":"open","facility_id":"P-SAT7-N8PQ/clinic","kind":"clinic","x":10.0,"y":20.0}],"cost":null,"cost_high":null,"cost_source":"","created_at":"2026-11-27T23:16:02.613608+00:00","created_by":"wang","crs":"EPSG:4547","currency":"","deleted":false,"department":"health","facility_id":"","figures":null,"floor_area_m2":null,"funding":"","geometry":"010100000000000000000024400000000000003440","kinds":["clinic"],"known_by":{},"made_of":null,"note":"","opened_source":"","origin":"hand","status":"draft","superseded_by":"","title":"clinic","version":1,"workspace":"town.gpkg","year":null}',1,1,'ffb6c6b7b3fbea81547344f73b58df7dee4db90e317c57d981b6baef204a7403','244b759133149d32c8a4b9fb28da93ad793364a038e136672f402383c0dd2074');
INSERT INTO "plan_trail" VALUES(17,'40f198837f38957d65241aa0','2026-11-27T23:16:02.656831+00:00','2026-11-27T23:16:02.656831+00:00','alone','proposal','P-5WB5-0D54','P-5WB5-0D54','propose','d584b8b0bb309e9cec82743e','0.1.0','wang','wang','','{}','{"action":"build","changed_at":"2026-11-27T23:16:02.656831+00:00","changes":[{"do":"open","facility_id":"P-5WB5-0D54/library","kind":"library","x":10.0,"y":20.0}],"cost":null,"cost_high":null,"cost_source":"","created_at":"2026-11-27T23:16:02.656831+00:00","created_by":"wang","crs":"EPSG:4547","currency":"","deleted":false,"department":"culture","facility_id":"","figures":null,"floor_area_m2":null,"funding":"","geometry":"010100000000000000000024400000000000003440","kinds":["library"],"known_by":{},"made_of":null,"note":"","opened_source":"","origin":"hand","status":"draft","superseded_by":"","title":"library","version":1,"workspace":"town.gpkg","year":null}',1,1,'244b759133149d32c8a4b9fb28da93ad793364a038e136672f402383c0dd2074','edb4960c499f9ab668d85f16bc111990125c8cc125318106357dfcb229c57e9f');
INSERT INTO "plan_trail" VALUES(18,'2eca0b810b012cf97d3f187c','2026-11-27T23:16:02.682360+00:00','2026-11-27T23:16:02.682360+00:00','alone','proposal','P-AAAA-AAAA','P-AAAA-AAAA','combine','d584b8b0bb309e9cec82743e','0.1.0','wang','wang','P-SAT7-N8PQ, P-5WB5-0D54','{}','{"action":"build","changed_at":"2026-11-27T23:16:02.682360+00:00","changes":[{"building":"P-AAAA-AAAA","do":"open","facility_id":"P-AAAA-AAAA/clinic","kind":"clinic","x":10.0,"y":20.0},{"building":"P-AAAA-AAAA","do":"open","facility_id":"P-AAAA-AAAA/library","kind":"library","x":10.0,"y":20.0}],"cost":null,"cost_high":null,"cost_source":"","created_at":"2026-11-27T23:16:02.682360+00:00","created_by":"wang","crs":"EPSG:4547","currency":"","deleted":false,"department":"health","facility_id":"","figures":null,"floor_area_m2":null,"funding":"","geometry":"010100000000000000000024400000000000003440","kinds":["clinic","library"],"known_by":{},"made_of":"P-SAT7-N8PQ P-5WB5-0D54","note":"","opened_source":"","origin":"joint","status":"draft","superseded_by":"","title":"","version":1,"workspace":"town.gpkg","year":null}',1,1,'edb4960c499f9ab668d85f16bc111990125c8cc125318106357dfcb229c57e9f','2d8a85f74afeb9b0a51729894f59fefc42411a92462adc2820d150bea2dbc722');
CREATE TABLE plan_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT plan_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "plan_version" VALUES('0003');
CREATE INDEX plan_trail_row ON plan_trail (layer, row_id, number);
CREATE INDEX plan_trail_proposal ON plan_trail (proposal_id, number);
CREATE INDEX plan_proposals_status ON plan_proposals (status, department);
CREATE INDEX plan_proposals_workspace ON plan_proposals (workspace);
CREATE INDEX ix_plan_reviews_proposal_id ON plan_reviews (proposal_id);
CREATE INDEX ix_plan_consultations_proposal_id ON plan_consultations (proposal_id);
CREATE INDEX ix_plan_comments_proposal_id ON plan_comments (proposal_id);
CREATE INDEX ix_plan_documents_proposal_id ON plan_documents (proposal_id);
COMMIT;
