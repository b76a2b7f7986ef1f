//! A small network with nothing wrong, and ways to change it.

use std::collections::BTreeMap;

/// A network of two towns, a border and a port, with nothing wrong: the file and its rows.
pub(crate) const SOUND: &[(&str, &str)] = &[
    ("attributions.csv", "licence,text,files\npublic domain,ours,points.csv\n"),
    (
        "border_times.csv",
        "id,country,crossing,mode,direction,indicator,year,value,unit,source,period,confidence,note\n",
    ),
    (
        "courses.csv",
        "link,seq,lat,lon\nL1,1,43.0,51.0\nL1,2,43.1,52.0\nL1,3,43.0,53.0\nL2,1,43.0,53.0\nL2,2,43.0,54.0\n\
         L3,1,43.0,51.0\nL3,2,43.0,50.0\n",
    ),
    ("courses_odbl.csv", "link,seq,lat,lon\n"),
    ("customs_unions.csv", "union,country,since,source,period,confidence\n"),
    (
        "emission_factors.csv",
        "id,mode,traction,country,g_per_tkm_min,g_per_tkm_typ,g_per_tkm_max,source,period,confidence,note\n\
         E1,rail,,,18,27,40,a paper,2024,high,\nE2,ferry,,,45,80,150,a paper,2024,high,\n",
    ),
    (
        "links.csv",
        "id,from,to,both_ways,mode,km_min,km_typ,km_max,gauge_mm,traction,countries,status,opens,since,reason,\
         operator,source,period,confidence,note\n\
         L1,KZAAU,KZ-MID,yes,rail,165,170,180,1520,diesel,KZ,open,,,,KTZ,a timetable,2024,high,\n\
         L2,KZ-MID,UZTAS,yes,rail,82,85,90,1520,diesel,KZ;UZ,open,,,,KTZ,a timetable,2024,high,\n\
         L3,KZAAU,AZALA,yes,ferry,82,84,90,1520,,KZ;AZ,open,,,,ASCO,a timetable,2024,high,\n",
    ),
    (
        "places.csv",
        "code,name,country,zone,kinds,status,opens,since,reason,source,period,confidence,note\n\
         KZAAU,Aktau,KZ,Asia/Aqtau,seaport,open,,,,a gazetteer,2024,high,\n\
         KZ-MID,Middle,KZ,Asia/Aqtau,rail_junction,open,,,,a gazetteer,2024,high,\n\
         UZTAS,Tashkent,UZ,Asia/Tashkent,rail_terminal,open,,,,a gazetteer,2024,high,\n\
         AZALA,Alat,AZ,Asia/Baku,seaport;ferry_port,open,,,,a gazetteer,2024,high,\n",
    ),
    (
        "points.csv",
        "place,lat,lon,licence,source,period,confidence\n\
         KZAAU,43.0,51.0,public domain,an index,2024,high\nKZ-MID,43.0,53.0,public domain,an index,2024,high\n\
         UZTAS,43.0,54.0,public domain,an index,2024,high\nAZALA,43.0,50.0,public domain,an index,2024,high\n",
    ),
    ("points_odbl.csv", "place,lat,lon,licence,source,period,confidence\n"),
    (
        "processes.csv",
        "id,place,kind,from_mode,to_mode,class,towards,at_origin,at_destination,hours_min,hours_typ,hours_max,\
         includes_waiting,cost_per,cost_min,cost_typ,cost_max,currency,cost_basis,cost_source,source,period,\
         confidence,note\n\
         P1,KZAAU,transfer,,,,,no,no,12,48,240,yes,,,,,,,,a port,2024,high,\n\
         P2,UZTAS,border,,,,,no,no,1,2,3,yes,feu,10,10,10,USD,published,a tariff,a port,2024,high,\n",
    ),
    (
        "services.csv",
        "id,name,name_back,operator,class,mode,from,to,both_ways,links,running_h_min,running_h_typ,running_h_max,\
         runs,every_h,wait_h_min,wait_h_typ,wait_h_max,capacity_teu,status,opens,since,reason,source,period,\
         confidence,note\n\
         S1,Aktau - Tashkent,Tashkent - Aktau,KTZ,carload,rail,KZAAU,UZTAS,yes,L1;L2,6,8,12,headway,24,,,,,open,,,,\
         a timetable,2024,high,\n\
         S2,Aktau - Middle,Middle - Aktau,KTZ,carload,rail,KZAAU,KZ-MID,yes,L1,3,5,8,on_demand,,,,,,open,,,,\
         a timetable,2024,high,\n\
         S3,ferry,ferry,ASCO,ferry,ferry,KZAAU,AZALA,yes,L3,3,5,8,leaves_when_full,,1,2,3,,open,,,,\
         a timetable,2024,high,\n",
    ),
    (
        "tariffs.csv",
        "id,service,direction,mode,class,per,load,cargo,origin,amount_min,amount_typ,amount_max,currency,basis,\
         valid_from,valid_to,source,period,confidence,note\n\
         T1,S3,both,,,feu,loaded,general,,1200,1200,1200,USD,published,,,a tariff,2024,high,\n\
         D1,,,rail,carload,feu_km,loaded,general,,0.61,0.85,1.31,USD,judgement,,,judgement,2024,low,\n",
    ),
    (
        "acceptance.csv",
        "id,service,direction,place,mode,class,dangerous,reefer,reefer_plugs,longest_ft,heaviest_t,source,period,confidence,\
         note\n\
         A1,S3,both,,,,3;8,yes,12,40,30.48,a rule book,2024,high,\n\
         A2,,,KZAAU,,,none,,,,,a rule book,2024,high,\nA3,,,,rail,carload,all,no,,,,a rule book,2024,high,\n",
    ),
    ("calls.csv", "service,place,source,period,confidence,note\nS1,KZ-MID,a timetable,2024,medium,\n"),
    (
        "day_values.csv",
        "id,amount,currency,per,source,period,confidence,note\nV1,60,USD,teu,judgement,2026,low,\n",
    ),
    (
        "exchange_rates.csv",
        "id,day,base,quote,rate,source,period,confidence,note\n\
         X1,2025-01-10,EUR,GEL,2.9171,a bank,2025,high,\nX2,2025-01-10,USD,GEL,2.8310,a bank,2025,high,\n\
         X3,2025-01-10,EUR,USD,1.0304,a bank,2025,high,\nX4,2026-01-10,EUR,USD,1.2,a bank,2026,high,\n",
    ),
    (
        "handling.csv",
        "id,place,from_mode,to_mode,at_origin,at_destination,per,reefer,amount_min,amount_typ,amount_max,currency,basis,\
         valid_from,valid_to,source,period,confidence,note\n\
         M1,KZAAU,,,no,no,feu,no,100,100,100,GEL,published,,,a tariff,2024,high,\n\
         M2,KZAAU,rail,ferry,no,no,feu,no,150,150,150,USD,published,,,a tariff,2024,high,\n\
         M3,KZAAU,rail,ferry,no,no,feu,yes,190,190,190,USD,published,,,a tariff,2024,high,\n",
    ),
    (
        "opening_hours.csv",
        "id,place,process,mode,days,opens,closes,closed_on,also,valid_from,valid_to,source,period,confidence,note\n\
         H1,UZTAS,border,rail,mon;tue;wed;thu;fri,08:00,18:00,2026-01-01,,2026-01-01,,a notice,2026,high,\n\
         H2,KZAAU,,,daily,22:00,06:00,,,,,a notice,2026,high,\n",
    ),
    (
        "schedules.csv",
        "id,service,direction,runs,days,departs,cut_off_h,except,also,every_h,wait_h_min,wait_h_typ,wait_h_max,\
         fills_teu_per_day_min,fills_teu_per_day_typ,fills_teu_per_day_max,capacity_teu,valid_from,valid_to,source,period,\
         confidence,note\n\
         C1,S3,forward,timetable,tue;fri,23:00,12,2026-12-25,2026-12-26,,,,,,,,120,2026-01-01,,a timetable,2026,high,\n\
         C2,S3,back,headway,,,,,,48,,,,,,,,2025-01-01,2025-12-31,a notice,2025,high,\n\
         C3,S3,back,headway,,,,,,96,,,,,,,,2025-06-01,,a notice,2025,high,\n\
         C4,S2,both,leaves_when_full,,,,,,,,,,20,40,60,80,2026-01-01,,a notice,2026,medium,\n\
         C5,S1,forward,timetable,daily,06:30,0,,,,,,,,,,,2026-01-01,,a timetable,2026,high,\n",
    ),
    (
        "storage.csv",
        "id,place,per,reefer,from_day,to_day,amount_min,amount_typ,amount_max,currency,basis,valid_from,valid_to,source,\
         period,confidence,note\n\
         Y1,KZAAU,feu,no,1,7,0,0,0,USD,published,,,a tariff,2024,high,\n\
         Y2,KZAAU,feu,no,8,14,10,20,30,USD,published,,,a tariff,2024,high,\n\
         Y3,KZAAU,feu,no,15,,20,40,60,USD,published,,,a tariff,2024,high,\n\
         Y4,KZAAU,feu,yes,1,,50,50,50,USD,published,,,a tariff,2024,high,\n",
    ),
    (
        "surcharges.csv",
        "id,kind,service,direction,place,mode,class,per,amount_min,amount_typ,amount_max,currency,basis,valid_from,valid_to,\
         source,period,confidence,note\n\
         Z1,fuel,S3,forward,,,,percent,5,10,12.5,,published,2026-01-01,2026-06-30,a notice,2026,high,\n\
         Z2,fuel,S3,forward,,,,percent,6,11,13,,published,2026-07-01,,a notice,2026,high,\n\
         Z3,congestion,,,KZAAU,,,feu,20,20,20,EUR,published,,,a notice,2026,high,\n\
         Z4,reefer,,,,rail,carload,feu,300,300,300,USD,published,,,a notice,2026,high,\n",
    ),
];

/// The sound network with texts replaced, or a whole table taken away by an empty `from`.
pub(crate) fn tables(changes: &[(&str, &str, &str)]) -> BTreeMap<String, String> {
    let mut tables: BTreeMap<String, String> =
        SOUND.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect();
    for (file, from, to) in changes {
        if from.is_empty() {
            tables.remove(*file);
        } else {
            let text = tables.get_mut(*file).unwrap();
            assert!(text.contains(from), "the case is stale: {file} has no `{from}`");
            *text = text.replacen(from, to, 1);
        }
    }
    tables
}
