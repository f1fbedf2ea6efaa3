/** What no table gives: exonyms, abbreviations, demonyms, and which names are people or words. */

/** GeoNames' first-level codes that are not those of ISO 3166-2: `geonames=iso`, by country. */
export const subdivisionCodes: Readonly<Record<string, string>> = {
  CA: '01=AB 02=BC 03=MB 04=NB 05=NL 07=NS 08=ON 09=PE 10=QC 11=SK 12=YT 13=NT 14=NU',
  AU: '01=ACT 02=NSW 03=NT 04=QLD 05=SA 06=TAS 07=VIC 08=WA',
  GB: 'ENG=ENG SCT=SCT WLS=WLS NIR=NIR',
  DE: '01=BW 02=BY 03=HB 04=HH 05=HE 06=NI 07=NW 08=RP 09=SL 10=SH 11=BB 12=MV 13=SN 14=ST 15=TH 16=BE',
  FR: '11=IDF 24=CVL 27=BFC 28=NOR 32=HDF 44=GES 52=PDL 53=BRE 75=NAQ 76=OCC 84=ARA 93=PAC 94=20R',
  ES: '07=IB 27=RI 29=MD 31=MC 32=NC 34=AS 39=CB 51=AN 52=AR 53=CN 54=CM 55=CL 56=CT 57=EX 58=GA 59=PV 60=VC',
  IT: '01=65 02=77 03=78 04=72 05=45 06=36 07=62 08=42 09=25 10=57 11=67 12=21 13=75 14=88 15=82 16=52 17=32 18=55 19=23 20=34',
  BR: '01=AC 02=AL 03=AP 04=AM 05=BA 06=CE 07=DF 08=ES 11=MS 13=MA 14=MT 15=MG 16=PA 17=PB 18=PR 20=PI 21=RJ 22=RN 23=RS 24=RO 25=RR 26=SC 27=SP 28=SE 29=GO 30=PE 31=TO',
  MX: '01=AGU 02=BCN 03=BCS 04=CAM 05=CHP 06=CHH 07=COA 08=COL 09=CMX 10=DUR 11=GUA 12=GRO 13=HID 14=JAL 15=MEX 16=MIC 17=MOR 18=NAY 19=NLE 20=OAX 21=PUE 22=QUE 23=ROO 24=SLP 25=SIN 26=SON 27=TAB 28=TAM 29=TLA 30=VER 31=YUC 32=ZAC',
  IN: '01=AN 02=AP 03=AS 05=CH 07=DL 09=GJ 10=HR 11=HP 12=JK 13=KL 14=LD 16=MH 17=MN 18=ML 19=KA 20=NL 21=OD 22=PY 23=PB 24=RJ 25=TN 26=TR 28=WB 29=SK 30=AR 31=MZ 33=GA 34=BR 35=MP 36=UP 37=CG 38=JH 39=UK 40=TS',
  NL: '01=DR 02=FR 03=GE 04=GR 05=LI 06=NB 07=NH 09=UT 10=ZE 11=ZH 15=OV 16=FL',
  JP: '01=23 02=05 03=02 04=12 05=38 06=18 07=40 08=07 09=21 10=10 11=34 12=01 13=28 14=08 15=17 16=03 17=37 18=46 19=14 20=39 21=43 22=26 23=24 24=04 25=45 26=20 27=42 28=29 29=15 30=44 31=33 32=27 33=41 34=11 35=25 36=32 37=22 38=09 39=36 40=13 41=31 42=16 43=30 44=06 45=35 46=19 47=47',
};

/** Abbreviations that stand in capitals, of countries (XX) and of subdivisions (XX-YYY). */
export const capitals =
  'US=US USA=US U.S=US U.S.A=US U.K=GB UK=GB UAE=AE NZ=NZ KSA=SA RSA=ZA PH=PH NYC=US-NY TX=US-TX FL=US-FL NJ=US-NJ NC=US-NC SC=US-SC TN=US-TN KY=US-KY NY=US-NY AZ=US-AZ NV=US-NV GA=US-GA WI=US-WI MN=US-MN NM=US-NM WV=US-WV NH=US-NH VT=US-VT KS=US-KS NSW=AU-NSW QLD=AU-QLD AJK=PK-JK BC=CA-BC CDMX=MX-CMX';

/** Two letters of a US state that are words or abbreviations elsewhere: only after a city. */
export const stateAfterCity =
  'AL AK AR CA CO CT DE HI ID IL IN IA LA ME MD MA MI MS MO MT NE ND OH OK OR PA RI SD UT VA WA WY DC';

export const countryAliases: Readonly<Record<string, string>> = {
  US: 'united states of america, the states, estados unidos, eeuu, ee uu, états unis, etats unis, vereinigte staaten, stati uniti, abd, amerika serikat, amerika, アメリカ, 미국, 美国, 美國, сша, the usa, in usa, in the us',
  GB: 'great britain, britain, the uk, in uk, uk app, inglaterra, angleterre, inghilterra, engeland, reino unido, royaume uni, großbritannien, ingiltere, inggris, イギリス, 영국, 英国, 英國, англия, великобритания',
  NL: 'holland, holanda, hollande, olanda, hollanda, the netherlands, nederland',
  KR: 'korea, south korea, corea, corea del sur, coreia, coréia do sul, südkorea, corée, corée du sud, 한국, 韓国, 韩国, 대한민국',
  CZ: 'czech republic, república checa, česká republika',
  RU: 'russia, rusia, rússia, russie, россии, россию, россия, рф',
  UA: 'україні, украине, украина, ukraina',
  BY: 'беларуси, белоруссии',
  KZ: 'казахстане',
  DE: 'в германии, германии, w niemczech, niemczech, almanyada',
  PL: 'polsce, polski, w polsce, польше',
  TR: 'türkiye, turkiye, turquie, turquía, turquia, türkei, türkiyede, türkiyenin',
  TW: 'taiwan, 台灣, 台湾',
  AE: 'emirates, united arab emirates, dubai uae, الامارات, الإمارات',
  SA: 'السعودية, saudi, saudi arabia',
  EG: 'مصر',
  CI: 'ivory coast, côte d ivoire, costa de marfil',
  CD: 'dr congo, drc, congo kinshasa',
  CV: 'cape verde, cabo verde',
  MK: 'macedonia, north macedonia',
  SZ: 'swaziland, eswatini',
  MM: 'burma, myanmar',
  TL: 'east timor, timor leste',
  VA: 'vatican',
  PS: 'palestine, gaza',
  CN: 'mainland china, 中国, 中國',
  HK: 'hong kong, 香港, hongkong',
  MO: 'macau, macao, 澳門, 澳门',
  IE: 'republic of ireland, irlanda, irland, irlande',
  BA: 'bosnia',
  TT: 'trinidad, tobago, trinidad and tobago',
  AG: 'antigua, barbuda, antigua and barbuda',
  BS: 'bahamas, the bahamas, abaco, grand bahama',
  PR: 'puerto rico, puertorico',
  VI: 'us virgin islands, st croix, st thomas usvi',
  KN: 'st kitts, saint kitts',
  LC: 'st lucia, saint lucia',
  VC: 'st vincent',
  FI: 'suomessa, suomi',
  VN: 'viet nam, việt nam, vietnam',
  PH: 'pilipinas, philippines, the philippines',
  LK: 'sri lanka, srilanka',
  NZ: 'new zealand, newzealand, aotearoa',
  ZA: 'south africa, southafrica, sudáfrica, áfrica do sul, südafrika, afrique du sud',
  IN: 'bharat, भारत, india',
};

/** Adjectives of countries, in English; they count before words such as `users` or `servers`. */
export const demonyms =
  'american=US british=GB english=GB scottish=GB welsh=GB german=DE french=FR spanish=ES italian=IT portuguese=PT brazilian=BR mexican=MX canadian=CA australian=AU dutch=NL swedish=SE norwegian=NO danish=DK finnish=FI polish=PL turkish=TR indonesian=ID japanese=JP korean=KR indian=IN chinese=CN russian=RU ukrainian=UA greek=GR irish=IE swiss=CH austrian=AT belgian=BE argentinian=AR argentine=AR chilean=CL colombian=CO peruvian=PE egyptian=EG nigerian=NG kenyan=KE filipino=PH malaysian=MY thai=TH vietnamese=VN pakistani=PK saudi=SA israeli=IL romanian=RO hungarian=HU czech=CZ singaporean=SG taiwanese=TW';

/** Subdivisions under names that ISO 3166-2 does not list. */
export const subdivisionAliases =
  'bavaria=DE-BY saxony=DE-SN lower saxony=DE-NI hesse=DE-HE thuringia=DE-TH bayern=DE-BY sachsen=DE-SN nrw=DE-NW lombardy=IT-25 lombardia=IT-25 tuscany=IT-52 toscana=IT-52 sicily=IT-82 sicilia=IT-82 sardinia=IT-88 piedmont=IT-21 lazio=IT-62 umbria=IT-55 puglia=IT-75 apulia=IT-75 veneto=IT-34 catalonia=ES-CT cataluña=ES-CT catalunya=ES-CT andalusia=ES-AN andalucía=ES-AN galicia=ES-GA basque country=ES-PV normandy=FR-NOR brittany=FR-BRE bretagne=FR-BRE normandie=FR-NOR attica=GR-I crete=GR-M kashmir=PK-JK azad kashmir=PK-JK england=GB-ENG scotland=GB-SCT wales=GB-WLS northern ireland=GB-NIR yorkshire=GB-ENG cornwall=GB-ENG devon=GB-ENG essex=GB-ENG sussex=GB-ENG surrey=GB-ENG midlands=GB-ENG west midlands=GB-ENG carolinas=US-NC the carolinas=US-NC carolina=US-NC southern california=US-CA socal=US-CA norcal=US-CA bay area=US-CA silicon valley=US-CA long island=US-NY manhattan=US-NY brooklyn=US-NY hawaii=US-HI quebec=CA-QC québec=CA-QC ontario=CA-ON british columbia=CA-BC alberta=CA-AB queensland=AU-QLD victoria australia=AU-VIC são paulo=BR-SP minas gerais=BR-MG rio grande do sul=BR-RS jalisco=MX-JAL oaxaca=MX-OAX puebla=MX-PUE chiapas=MX-CHP manabí=EC-M manabi=EC-M esmeraldas=EC-E kerala=IN-KL maharashtra=IN-MH tamil nadu=IN-TN karnataka=IN-KA punjab india=IN-PB west bengal=IN-WB gujarat=IN-GJ orissa=IN-OD uttar pradesh=IN-UP jawa barat=ID-JB jawa timur=ID-JI jawa tengah=ID-JT bali=ID-BA java=ID-JW sumatra=ID-SM sofala=MZ-S manica=MZ-B zambezia=MZ-Q tete=MZ-T manicaland=ZW-MA masvingo=ZW-MV mashonaland=ZW-MC holland=NL-NH noord holland=NL-NH zuid holland=NL-ZH brabant=NL-NB skåne=SE-M småland=SE-G hokkaido=JP-01 okinawa=JP-47 kyushu=JP-40 北海道=JP-01 沖縄=JP-47 関東=JP-13 関西=JP-27 九州=JP-40 四国=JP-37 東北=JP-04 경기=KR-41 경기도=KR-41 제주=KR-49 강원도=KR-42 crimea=UA-43 kaikōura=NZ-CAN canterbury new zealand=NZ-CAN marlborough nz=NZ-MBH';

/** Cities under names of other languages: `name=City,CC`. */
export const exonyms =
  'londres=London,GB londra=London,GB londen=London,GB лондон=London,GB ロンドン=London,GB 런던=London,GB 伦敦=London,GB parigi=Paris,FR parijs=Paris,FR париж=Paris,FR パリ=Paris,FR 파리=Paris,FR münchen=Munich,DE múnich=Munich,DE munique=Munich,DE monaco di baviera=Munich,DE köln=Köln,DE cologne=Köln,DE colonia alemania=Köln,DE berlín=Berlin,DE berlim=Berlin,DE berlino=Berlin,DE берлин=Berlin,DE ベルリン=Berlin,DE 베를린=Berlin,DE frankfurt=Frankfurt am Main,DE hambourg=Hamburg,DE hamburgo=Hamburg,DE wien=Vienna,AT viena=Vienna,AT vienne autriche=Vienna,AT genf=Genève,CH ginevra=Genève,CH geneva=Genève,CH zurich=Zürich,CH roma=Rome,IT rom=Rome,IT milano=Milan,IT mailand=Milan,IT milán=Milan,IT milão=Milan,IT napoli=Naples,IT nápoles=Naples,IT neapel=Naples,IT torino=Turin,IT venezia=Venice,IT venecia=Venice,IT firenze=Florence,IT florencia italia=Florence,IT genova=Genoa,IT lisboa=Lisbon,PT lissabon=Lisbon,PT lisbonne=Lisbon,PT lisbona=Lisbon,PT oporto=Porto,PT moscú=Moscow,RU moscou=Moscow,RU moskau=Moscow,RU mosca=Moscow,RU москва=Moscow,RU москве=Moscow,RU мск=Moscow,RU спб=Saint Petersburg,RU питер=Saint Petersburg,RU питере=Saint Petersburg,RU санкт петербург=Saint Petersburg,RU киев=Kyiv,UA київ=Kyiv,UA києві=Kyiv,UA киеве=Kyiv,UA kiev=Kyiv,UA odesa=Odessa,UA warszawa=Warsaw,PL warszawie=Warsaw,PL varsovia=Warsaw,PL warschau=Warsaw,PL krakow=Kraków,PL krakowie=Kraków,PL wrocławiu=Wrocław,PL praha=Prague,CZ praze=Prague,CZ praga=Prague,CZ prag=Prague,CZ brno=Brno,CZ københavn=Copenhagen,DK kopenhagen=Copenhagen,DK copenhague=Copenhagen,DK stoccolma=Stockholm,SE estocolmo=Stockholm,SE göteborg=Göteborg,SE gothenburg=Göteborg,SE malmö=Malmö,SE atenas=Athens,GR athen=Athens,GR atene=Athens,GR athènes=Athens,GR bruselas=Brussels,BE brüssel=Brussels,BE bruxelles=Brussels,BE brussel=Brussels,BE antwerp=Antwerpen,BE anvers=Antwerpen,BE gent=Gent,BE ghent=Gent,BE den haag=The Hague,NL the hague=The Hague,NL nueva york=New York City,US nova york=New York City,US nova iorque=New York City,US new york=New York City,US nyc=New York City,US ニューヨーク=New York City,US 뉴욕=New York City,US 纽约=New York City,US la ciudad de méxico=Mexico City,MX ciudad de méxico=Mexico City,MX mexico df=Mexico City,MX bogota=Bogotá,CO medellin=Medellín,CO são paulo=São Paulo,BR sao paulo=São Paulo,BR sp capital=São Paulo,BR rio de janeiro=Rio de Janeiro,BR rio=Rio de Janeiro,BR bh=Belo Horizonte,BR brasilia=Brasília,BR buenos aires=Buenos Aires,AR caba=Buenos Aires,AR santiago de chile=Santiago,CL istanbul=Istanbul,TR i̇stanbul=Istanbul,TR estambul=Istanbul,TR istanbulda=Istanbul,TR ankara=Ankara,TR ankarada=Ankara,TR izmir=İzmir,TR izmirde=İzmir,TR jogja=Yogyakarta,ID jkt=Jakarta,ID jakarta=Jakarta,ID bandung=Bandung,ID surabaya=Surabaya,ID kl=Kuala Lumpur,MY kuala lumpur=Kuala Lumpur,MY 東京=Tokyo,JP とうきょう=Tokyo,JP tóquio=Tokyo,JP tokio=Tokyo,JP 大阪=Osaka,JP 名古屋=Nagoya,JP 福岡=Fukuoka,JP 札幌=Sapporo,JP 横浜=Yokohama,JP 京都=Kyoto,JP 神戸=Kobe,JP 仙台=Sendai,JP 広島=Hiroshima,JP 千葉=Chiba,JP 埼玉=Saitama,JP 新潟=Niigata,JP 静岡=Shizuoka,JP 熊本=Kumamoto,JP 서울=Seoul,KR ソウル=Seoul,KR 부산=Busan,KR 인천=Incheon,KR 대전=Daejeon,KR 울산=Ulsan,KR 수원=Suwon,KR 대구=Daegu,KR 광주=Gwangju,KR seúl=Seoul,KR pékin=Beijing,CN pekín=Beijing,CN peking=Beijing,CN 北京=Beijing,CN 上海=Shanghai,CN 广州=Guangzhou,CN 深圳=Shenzhen,CN 台北=Taipei,TW 台中=Taichung,TW 高雄=Kaohsiung,TW กรุงเทพ=Bangkok,TH กทม=Bangkok,TH เชียงใหม่=Chiang Mai,TH القاهرة=Cairo,EG الرياض=Riyadh,SA جدة=Jeddah,SA دبي=Dubai,AE مكة=Mecca,SA الدمام=Dammam,SA दिल्ली=Delhi,IN मुंबई=Mumbai,IN बैंगलोर=Bengaluru,IN पटना=Patna,IN लखनऊ=Lucknow,IN bangalore=Bengaluru,IN bengaluru=Bengaluru,IN bombay=Mumbai,IN calcutta=Kolkata,IN madras=Chennai,IN new delhi=New Delhi,IN hà nội=Hanoi,VN hanoi=Hanoi,VN sài gòn=Ho Chi Minh City,VN saigon=Ho Chi Minh City,VN tphcm=Ho Chi Minh City,VN hcm=Ho Chi Minh City,VN đà nẵng=Da Nang,VN cebu=Cebu City,PH davao=Davao,PH metro manila=Manila,PH qc=Quezon City,PH la=Los Angeles,US philly=Philadelphia,US vegas=Las Vegas,US nola=New Orleans,US atl=Atlanta,US sf=San Francisco,US washington dc=Washington,US helsinki=Helsinki,FI helsingissä=Helsinki,FI tampereella=Tampere,FI newcastle=Newcastle upon Tyne,GB brum=Birmingham,GB belém=Belém,BR cabo=Cape Town,ZA le cap=Cape Town,ZA';

/** Names that people bear too: want a preposition or another place beside them. */
export const personal =
  'jordan paris florence charlotte austin sydney victoria georgia chad israel madison savannah dallas houston brooklyn chelsea carolina virginia kent lincoln jackson santiago diego lima nancy troy tyler alexandria sofia sophia adelaide alice kelly milan london logan carson cody mason hudson trenton aurora ada elizabeth eugene henderson irving lawrence marion montgomery norman olivia orlando phoenix raleigh roman salem santana taylor vernon wayne wesley winston allen arlington augusta aubrey beatrice bradford brandon brent bristol carmen cesar clara clayton clifton clinton clovis dale dalton davis dayton denver denton dixon douglas duncan edison elgin emporia eva faith floyd francisco franklin garland gary geneva gilbert gladstone glendale grace grant greenville harrison harvey helena holly hope howard hugo ida irma isabela isabella jacinto jackson jacksonville jasper jefferson johnson jose juan juliet kendall kennedy kerry kingston kyle lancaster laredo laura lee leo leon leonard lewis lisa lorena lorenzo lucia luis luna malaga malia mara marco margarita maria mariana marina mario martin martinez mateo matthew maurice maya melbourne mercedes michael miguel milton morgan morris murray nelson nevada newton nicolas nora oliver oscar owen pablo paola parker patricia pedro perry peru peter philip pierre porter preston quincy ramon randolph raymond regina reno rita robert rochester rodrigo rosa rosario russell ruth salvador samara samuel sandy santa sara selma seymour shannon shelby sheldon sidney silvia simon stanley stella stephen sterling stewart stuart summer teresa thomas tracy trinity tina valencia valentina vera verona vincent vista walker warren warwick washington watson wellington whitney wilson windsor woodward york zachary abigail india asia kenya china cuba holland ireland scott bill dorian maria michael barry alma ana andrea angela angelo antonio bella bianca camila carlos cruz diana elena emilia francis gloria hector jamie jane joan julian june karen lara linda lola manuel mia moses omar pearl ray rey rio rose sami sean sierra stan taylor tony ursula viola';

/** Words that training text does not show in lower case and that are still no places. */
export const words =
  'kanye chin nice reading mobile orange split bath most best normal of same ho boom hope battle bar sale deal rugby march may august spring summer winter fall hill bend bay beach park lake river mountain valley island islands grand central union liberty freedom enterprise commerce industry progress superior surprise buffalo eagle bird wolf bear fox lion moose elk orange peach apple plum cherry olive almond pearl ruby diamond gold silver copper iron coal mine media male date mal man male are bad per oder unit una como porto post page page eye data ware pop roll stone banks bank banks church temple university college mission police alarm signal delta omega alpha ion sun moon star mars pluto venus earth eden paradise troy rome sparta ideal model mod tool tools box wilder marathon derby opera police moron cool gap wall sky march nara kobe chino eureka blue white black green red brown gray grey young oak pine elm ash cedar palm ferry ford crosse cross bell ball hammer tame tam tan ton ten van ben bo ba be no on or so to we la le de da di du un una os as em el al a o i e u san santa st saint new old big little upper lower north south east west northern southern eastern western latin center centre middle downtown uptown city town village county state province district region country district metro airport station port fort mount point cape bridge field fields ville burg castle tower gate road street avenue drive lane square king queen prince duke royal regal crown imperial premier family friends music radio video tv internet web app apps game games play store shop market trade fair mall code login help support update service server network wifi app bug error fix down up out off live love hate like good great bad worst best super mega ultra max mini micro pro plus prime basic standard premium free gratis net dot com org cash credit debit card pay bill plan chat call text post news sport sports football soccer baseball cricket hockey golf tennis nice cali wow kota bali java ajax oslo como lodi cary hull deal ware sandwich hamburg frankfurter wien brie cheddar champagne bordeaux burgundy cognac tequila tobasco jersey bermuda panama cologne denim nimes china japan turkey guinea brazil chile chili peru chad mali niger togo oman jamaica domino mercury challenger discovery endeavor enterprise atlantis columbia apollo gemini hurricane katrina harvey irma maria florence michael matthew dorian idai kenneth nepal van rende sur nord est ouest bern erie mesa reno waco macon gary flint wichita nome hana kilo beni lens lille nancy angers tours vichy nantes sens rodez metz laon lourdes calais foix agen pau dax dole gex brest cannes grasse sete antes durante sobre desde hasta hoy ayer salto centro norte oeste este ponte vila nova porto bom dia noite tarde minas campo monte santo sola bella casa mar sol luna rosa vera roma amor asti bra alba pisa bari lodi enna gela nola fano jesi imola siena capri ostia sora terni crema prato meta lecco lecce ravenna varese worms essen halle singen siegen melle lage peine unna hagen gera jena plauen emden stade celle leer soest kamen ulm hof fulda bonn trier mainz worms speyer kiel leiden delft ede epe best oss weert venlo sneek goes breda sittard heerlen zeist tiel almere asten born elst hoorn deil echt horst mill gouda edam leek loon maar borne haren uden';
