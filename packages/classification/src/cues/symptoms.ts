import type { CueLexicon } from './classes.ts';

/** How a fault shows itself where no word of failure is said, and how its absence is praised. */
export const symptoms: Readonly<Record<string, CueLexicon>> = {
  en: {
    itself:
      'by itself, by themselves, on its own, on their own, itself, without asking, without warning, out of the blue, for no reason, no reason, jumps, jumping, jumps around, skips around, hops, goes back to, resets, resetting, pauses itself, starts over, switches, switching, changes by itself, turned into, randomly, at random, mid song, mid call, middle of, halfway, midway, mid game',
    says: 'says, it says, saying, tells me, telling me, it tells, asks me, asking me, it asks, keeps asking, asks for, thinks, thinks i, it thinks, claims, shows me, showing me, message says, gives me, giving me, i get a message, get an error, pops up, popping up, a message, prompts, prompting, i keep getting, getting a, get a message, reads, stating, gives an, comes up with, displays, displaying',
    wrong:
      'weird, weirdly, weird thing, a mess, mess, messy, strange, strangely, odd, someone else, somebody else, someone elses, different song, wrong song, wrong account, wrong address, double, doubled, duplicate, duplicates, duplicated, twice, mixed up, upside down, backwards, distorted, crackling, crackles, robotic, scrambled, blurry, cut off, cuts off, cutting off, cuts out, cutting out, busted, borked, wonky, whacked, funky, unresponsive, acting weird, acting strange, so weird, bugging, bugging out, tripping, trippin, wack, wilding, dosent, doesnt even, jacked up, off sync, missing half, half of my, only half, incorrect, not right, isnt right, bad quality, terrible quality, poor quality, static noise, echoes, garbled, hiccup, hiccups, hit or miss, out of whack, wrongly',
    never:
      'never, no lag, no bugs, no glitches, never had, without any, without a, never crashes, never fails, never lags, no crashes, no errors, no issue, no buffering, zero, hardly ever, not once, no longer have, no more, free of, flawless, flawlessly, smooth, smoothly, seamless, no trouble, without fail, never let, never once',
  },
  es: {
    itself:
      'sola, solo, solas, solos, por sí sola, por sí solo, sin motivo, sin razón, sin avisar, salta, se salta, brinca, se cambia, se pausa, a la mitad, a mitad, de la nada, sin más, aleatoriamente',
    says: 'me dice, dice que, dice, me sale, sale, aparece, me aparece, me pide, pide, me pone, pone que, me marca, marca, muestra, me da, mensaje de, me manda, me salta, da un',
    wrong:
      'raro, rara, extraño, desastre, otra persona, doble, duplicado, duplicados, mezclado, se escucha mal, se ve mal, distorsionado, cortado, incorrecto, equivocado, mala calidad, a medias, no coincide, se oye mal',
    never:
      'nunca, sin problemas, sin fallas, sin cortes, jamás, ningún problema, sin errores, ninguna falla, sin ningún',
  },
  pt: {
    itself:
      'sozinho, sozinha, sozinhos, sozinhas, por conta própria, sem motivo, sem avisar, pula, pulando, pausa, pausando, no meio, do nada, volta pro, aleatoriamente',
    says: 'diz que, diz, fala que, aparece, aparece que, pede, pedindo, mostra, dá, mensagem de, fica dizendo, fica pedindo, dizendo, dando, aparecendo',
    wrong:
      'estranho, estranha, bagunça, outra pessoa, duplicado, dobrado, duas vezes, misturado, distorcido, cortado, errado, errada, péssima qualidade, pela metade, incorreto, esquisito, zoado, bizarro',
    never:
      'nunca, sem problemas, sem travar, jamais, nenhum problema, sem erro, sem falhas, sem travamentos',
  },
  fr: {
    itself:
      'toute seule, tout seul, tous seuls, toutes seules, sans raison, sans prévenir, saute, sautent, au milieu, en plein, se met en pause, change tout seul, aléatoirement, d’elle même, de lui même',
    says: 'me dit, dit que, m’affiche, affiche, me demande, demande, message, il me dit, me met, met que, indique, m’indique, ça me dit, ça me met, j’ai un message, propose, on me demande',
    wrong:
      'bizarre, étrange, n’importe quoi, quelqu’un d’autre, double, en double, doublon, deux fois, mélangé, déformé, mauvais, coupe, coupé, incorrect, faux, mauvaise qualité, à moitié, décalé, désynchronisé',
    never:
      'jamais, sans problème, sans bug, aucun problème, aucun bug, sans souci, aucun souci, sans coupure, jamais eu',
  },
  de: {
    itself:
      'von selbst, von allein, von alleine, selbst, einfach so, ohne grund, ohne vorwarnung, springt, überspringt, mittendrin, mitten im, pausiert, willkürlich, aus dem nichts, wahllos, eigenmächtig',
    says: 'sagt, es kommt, es steht, zeigt, zeigt an, meldet, fragt, fordert, verlangt, behauptet, steht da, kommt die meldung, heißt es, bekomme, kriege, erscheint, wird angezeigt',
    wrong:
      'komisch, seltsam, chaos, jemand anderes, doppelt, zweimal, durcheinander, verzerrt, abgeschnitten, falsch, falsche, falscher, schlechte qualität, knackt, rauscht, merkwürdig, halb, verkehrt, unscharf',
    never:
      'nie, niemals, ohne probleme, keine probleme, reibungslos, einwandfrei, problemlos, störungsfrei, fehlerfrei, tadellos',
  },
  it: {
    itself:
      'da sola, da solo, da soli, da sole, senza motivo, senza preavviso, salta, saltano, a metà, si mette in pausa, cambia da, all’improvviso, a caso',
    says: 'mi dice, dice che, dice, esce, mi esce, compare, mi chiede, chiede, mostra, mi dà, messaggio, appare, segnala, mi da, mi appare',
    wrong:
      'strano, strana, casino, qualcun altro, doppio, doppia, due volte, confuso, distorto, tagliato, sbagliato, sbagliata, pessima qualità, a metà, errato, impazzit*, incasinat*',
    never:
      'mai, senza problemi, nessun problema, impeccabile, senza intoppi, perfettamente, mai un problema, senza errori',
  },
  nl: {
    itself:
      'vanzelf, uit zichzelf, zomaar, zonder reden, slaat over, springt, middenin, halverwege, pauzeert, willekeurig, ineens',
    says: 'zegt, zegt dat, krijg, geeft aan, geeft, vraagt, toont, meldt, er staat, ik krijg, verschijnt, komt de melding',
    wrong:
      'raar, vreemd, chaos, iemand anders, dubbel, twee keer, door elkaar, vervormd, afgebroken, verkeerd, verkeerde, slechte kwaliteit, half, klopt niet, kraakt',
    never:
      'nooit, zonder problemen, geen problemen, vlekkeloos, feilloos, probleemloos, geen storing',
  },
  sv: {
    itself:
      'av sig själv, av sig, utan anledning, hoppar, hoppar över, mitt i, pausar, slumpmässigt, från ingenstans, helt själv',
    says: 'säger, det står, står att, visar, frågar, ber mig, får upp, får, kommer upp, påstår, meddelande, uppger',
    wrong:
      'konstigt, konstig, kaos, någon annan, dubbelt, två gånger, förvrängt, avklippt, fel låt, dålig kvalitet, knastrar, knäppt, skumt, galet',
    never: 'aldrig, utan problem, inga problem, felfritt, smidigt, problemfritt, klockrent',
  },
  tr: {
    itself:
      'kendi kendine, kendiliğinden, kendi, durduk yere, sebepsiz, atlıyor, atlayıp, ortasında, rastgele, yarıda',
    says: 'diyor, yazıyor, uyarısı, istiyor, soruyor, veriyor, gösteriyor, çıkıyor, uyarı, mesajı, hatası veriyor',
    wrong:
      'garip, tuhaf, saçma, başkasının, çift, iki kere, karışık, bozuk, kesik, yanlış, kötü kalite, karışıyor, cızırtı, abuk',
    never: 'hiç, asla, sorunsuz, problemsiz, kesintisiz, takılmadan',
  },
  id: {
    itself:
      'sendiri, tiba tiba, tanpa sebab, loncat, lompat, ngacak, di tengah, pindah sendiri, muter sendiri, berubah',
    says: 'katanya, muncul, tulisannya, disuruh, minta, keterangan, notif, ada tulisan, bilang, malah, keluar tulisan, diminta',
    wrong:
      'aneh, kacau, orang lain, dobel, double, dua kali, salah, terpotong, pecah, jelek kualitas, berantakan, ngaco, gaje',
    never:
      'gak pernah, tidak pernah, tanpa masalah, lancar, tanpa kendala, anti lag, ga pernah, lancar jaya',
  },
  ja: {
    itself: '勝手に, 自動で, いきなり, 途中で, 急に, 飛ぶ, 飛ばされ, スキップされ, 勝手',
    says: 'と出る, と表示, って出る, と言われ, って言われ, 求められ, 表示が出, と出て, って出て, メッセージ, が出る, が出て',
    wrong:
      '変, おかし, 違う, 別の, 二重, 重複, ズレ, ずれ, 途切れ, 音割れ, 文字化け, 間違, 逆, 崩れ, 他人の',
    never: '問題なく, 一度も, サクサク, 快適, スムーズ, ストレスなく, 不具合なく',
  },
  ko: {
    itself:
      '혼자, 지멋대로, 저절로, 맘대로, 마음대로, 제멋대로, 도중에, 중간에, 넘어가, 자동으로, 뜬금없',
    says: '라고 떠, 라고 뜨, 라고 나, 뜨고, 뜨네, 뜹니다, 뜨면서, 하라고, 하래, 라고뜨, 라는데, 라고만, 문구',
    wrong:
      '이상, 다른사람, 다른 사람, 중복, 두번, 섞여, 섞, 깨져, 깨지, 잘려, 잘림, 틀린, 뒤섞, 엉뚱',
    never: '문제없, 문제 없, 한번도, 끊김없, 렉없, 완벽하게, 오류없, 잘됨, 잘돼',
  },
  ru: {
    itself:
      'сам, сама, само, сами, сам по себе, сама по себе, без причины, перескакивает, переключается, на середине, посреди, ни с того, рандомно, самопроизвольно, перепрыгивает',
    says: 'пишет, выдает, выдаёт, говорит, просит, требует, показывает, вылезает, выскакивает, сообщение, пишут, пишет что, появляется, выходит',
    wrong:
      'странно, странный, бардак, чужой, чужие, дважды, двоится, дублир*, перепутал*, хрипит, искаж*, неправильно, не тот, не та, криво, кривой, плохое качество, обрезан*',
    never:
      'никогда, без проблем, без сбоев, ни разу, без глюков, безупречно, без лагов, стабильно, не виснет',
  },
  pl: {
    itself:
      'sama, sam, samo, same, samoczynnie, bez powodu, przeskakuje, w połowie, w trakcie, losowo, znienacka, bez ostrzeżenia',
    says: 'pisze, wyskakuje, mówi, prosi, żąda, pokazuje, pokazuje się, wyświetla, komunikat, wyświetla się, dostaję, każe',
    wrong:
      'dziwne, dziwnie, bałagan, ktoś inny, podwójnie, dwa razy, pomieszan*, zniekształcon*, ucięt*, źle, błędn*, zła jakość, nie ten, nie ta, trzeszczy',
    never:
      'nigdy, bez problemu, bez problemów, bezproblemow*, bez zarzutu, bezawaryjn*, płynnie, żadnych problemów',
  },
  cs: {
    itself:
      'sama, sám, samo, samovolně, bez důvodu, přeskakuje, v půlce, uprostřed, náhodně, z ničeho',
    says: 'píše, hlásí, říká, chce, žádá, ukazuje, vyskakuje, hláška, zobrazuje, vyskočí',
    wrong: 'divné, divně, chaos, někdo jiný, dvakrát, zkreslen*, špatně, useknut*, blbě, praská',
    never: 'nikdy, bez problémů, bez problému, bezproblémov*, bezchybn*, žádné problémy',
  },
  no: {
    itself: 'av seg selv, uten grunn, hopper, hopper over, midt i, tilfeldig, pauser',
    says: 'sier, det står, viser, spør, ber meg, får opp, kommer opp, melding',
    wrong: 'rart, kaos, noen andre, dobbelt, to ganger, forvrengt, feil sang, dårlig kvalitet',
    never: 'aldri, uten problemer, ingen problemer, feilfritt, knirkefritt',
  },
  da: {
    itself: 'af sig selv, uden grund, hopper, springer, midt i, tilfældigt, pauser',
    says: 'siger, der står, viser, spørger, beder mig, får, kommer op, besked',
    wrong:
      'mærkeligt, underligt, kaos, en anden, dobbelt, to gange, forvrænget, forkert, dårlig kvalitet',
    never: 'aldrig, uden problemer, ingen problemer, fejlfrit, gnidningsfrit',
  },
  fi: {
    itself: 'itsestään, itsekseen, ilman syytä, hyppii, kesken, satunnaisesti, yksinään',
    says: 'sanoo, väittää, näyttää, pyytää, kysyy, ilmoittaa, tulee ilmoitus, herjaa',
    wrong:
      'outo, oudosti, sekaisin, jonkun muun, kahdesti, tuplana, väärin, väärä, huono laatu, rätisee',
    never: 'koskaan, ongelmitta, ei ongelmia, moitteettomasti, sujuvasti',
  },
  vi: {
    itself: 'tự động, tự, tự nhiên, giữa chừng, nhảy, tự nhảy, tự chuyển, ngẫu nhiên, đang nghe',
    says: 'báo, hiện, bảo, đòi, yêu cầu, nó báo, cứ báo, thông báo, kêu, bắt',
    wrong: 'lạ, kì, kỳ, của người khác, hai lần, trùng, méo, sai, nhầm, rè, loạn, chất lượng kém',
    never: 'không bao giờ, không bị, mượt, mượt mà, ổn định, chưa bao giờ, không lag, không giật',
  },
  th: {
    itself: 'เอง, ข้าม, เปลี่ยนเอง, กลางคัน, อยู่ดีๆ, สุ่ม, เด้งเอง',
    says: 'ขึ้นว่า, บอกว่า, ให้, ขึ้น, แจ้งว่า, แสดง',
    wrong: 'แปลก, เพี้ยน, คนอื่น, ซ้ำ, สองครั้ง, ผิด, เสียงแตก, มั่ว',
    never: 'ไม่เคย, ไม่มีปัญหา, ลื่น, ไม่สะดุด, ลื่นไหล',
  },
  ar: {
    itself:
      'لحاله, لوحده, لحالها, لوحدها, فجأة, بدون سبب, يقفز, في النص, في المنتصف, تلقائي, تلقائيا',
    says: 'يقول, يقولي, يطلع لي, يظهر, يطلب, يكتب, مكتوب, رسالة, يعطيني, بيقول, يجيني, يطلعلي',
    wrong: 'غريب, غريبة, شخص ثاني, مرتين, مكرر, مشوش, غلط, متقطع, مقطع, خاطئ',
    never: 'ابدا, أبدا, بدون مشاكل, بدون تقطيع, سلس, عمري, ولا مرة',
  },
  hi: {
    itself: 'अपने आप, apne aap, खुद, बीच में, अचानक, khud, beech me',
    says: 'बोल रहा, लिख रहा, दिखा, दिखाता, आ रहा है, bolta hai, bol raha, likha, likh, dikha raha, बता रहा, मांग',
    wrong: 'अजीब, गलत, दो बार, किसी और, galat, ajeeb, do baar, उल्टा',
    never: 'कभी नहीं, बिना किसी, कोई दिक्कत नहीं, koi problem nahi, koi dikkat nahi, कोई समस्या नहीं',
  },
  zh: {
    itself: '自己, 自动, 自動, 莫名其妙, 中途, 跳, 跳过, 随机, 无缘无故, 無故',
    says: '显示, 顯示, 提示, 说, 要求, 弹出, 跳出, 顯示說, 一直说, 写着',
    wrong: '奇怪, 乱, 亂, 别人的, 重复, 两次, 错, 錯, 失真, 杂音, 不对, 不對, 串号',
    never: '从不, 從不, 没问题, 沒問題, 流畅, 流暢, 从来没, 稳定, 順暢',
  },
  uk: {
    itself: 'сам, сама, само, без причини, перестрибує, посеред',
    says: 'пише, каже, видає, просить, показує, вибиває',
    wrong: 'дивно, чужий, двічі, неправильно, криво, не той',
    never: 'ніколи, без проблем, жодного разу, стабільно',
  },
  ms: {
    itself: 'sendiri, tiba tiba',
    says: 'dia kata, keluar, katanya, tulis',
    wrong: 'pelik, salah, dua kali',
    never: 'tak pernah, lancar',
  },
  tl: {
    itself: 'mag isa, kusa, biglang, bigla',
    says: 'sabi, lumalabas, nakalagay, hinihingi, laging sinasabi',
    wrong: 'mali, weird, doble, iba, dalawang beses',
    never: 'never, walang problema, smooth, hindi nag',
  },
};
