#include "value/temporal/merged_zones.hpp"

#include <algorithm>
#include <array>

namespace packhouse {
namespace {

struct Merged {
  std::string_view name, into;
};

// Derived from zone.tab and zone1970.tab of tz database 2025b. Sorted by name.
constexpr std::array table{
    Merged{"Africa/Accra", "Africa/Abidjan"},
    Merged{"Africa/Addis_Ababa", "Africa/Nairobi"},
    Merged{"Africa/Asmara", "Africa/Nairobi"},
    Merged{"Africa/Bamako", "Africa/Abidjan"},
    Merged{"Africa/Bangui", "Africa/Lagos"},
    Merged{"Africa/Banjul", "Africa/Abidjan"},
    Merged{"Africa/Blantyre", "Africa/Maputo"},
    Merged{"Africa/Brazzaville", "Africa/Lagos"},
    Merged{"Africa/Bujumbura", "Africa/Maputo"},
    Merged{"Africa/Conakry", "Africa/Abidjan"},
    Merged{"Africa/Dakar", "Africa/Abidjan"},
    Merged{"Africa/Dar_es_Salaam", "Africa/Nairobi"},
    Merged{"Africa/Djibouti", "Africa/Nairobi"},
    Merged{"Africa/Douala", "Africa/Lagos"},
    Merged{"Africa/Freetown", "Africa/Abidjan"},
    Merged{"Africa/Gaborone", "Africa/Maputo"},
    Merged{"Africa/Harare", "Africa/Maputo"},
    Merged{"Africa/Kampala", "Africa/Nairobi"},
    Merged{"Africa/Kigali", "Africa/Maputo"},
    Merged{"Africa/Kinshasa", "Africa/Lagos"},
    Merged{"Africa/Libreville", "Africa/Lagos"},
    Merged{"Africa/Lome", "Africa/Abidjan"},
    Merged{"Africa/Luanda", "Africa/Lagos"},
    Merged{"Africa/Lubumbashi", "Africa/Maputo"},
    Merged{"Africa/Lusaka", "Africa/Maputo"},
    Merged{"Africa/Malabo", "Africa/Lagos"},
    Merged{"Africa/Maseru", "Africa/Johannesburg"},
    Merged{"Africa/Mbabane", "Africa/Johannesburg"},
    Merged{"Africa/Mogadishu", "Africa/Nairobi"},
    Merged{"Africa/Niamey", "Africa/Lagos"},
    Merged{"Africa/Nouakchott", "Africa/Abidjan"},
    Merged{"Africa/Ouagadougou", "Africa/Abidjan"},
    Merged{"Africa/Porto-Novo", "Africa/Lagos"},
    Merged{"America/Anguilla", "America/Puerto_Rico"},
    Merged{"America/Antigua", "America/Puerto_Rico"},
    Merged{"America/Aruba", "America/Puerto_Rico"},
    Merged{"America/Atikokan", "America/Panama"},
    Merged{"America/Blanc-Sablon", "America/Puerto_Rico"},
    Merged{"America/Cayman", "America/Panama"},
    Merged{"America/Creston", "America/Phoenix"},
    Merged{"America/Curacao", "America/Puerto_Rico"},
    Merged{"America/Dominica", "America/Puerto_Rico"},
    Merged{"America/Grenada", "America/Puerto_Rico"},
    Merged{"America/Guadeloupe", "America/Puerto_Rico"},
    Merged{"America/Montserrat", "America/Puerto_Rico"},
    Merged{"America/Nassau", "America/Toronto"},
    Merged{"America/Port_of_Spain", "America/Puerto_Rico"},
    Merged{"America/St_Kitts", "America/Puerto_Rico"},
    Merged{"America/St_Lucia", "America/Puerto_Rico"},
    Merged{"America/St_Thomas", "America/Puerto_Rico"},
    Merged{"America/St_Vincent", "America/Puerto_Rico"},
    Merged{"America/Tortola", "America/Puerto_Rico"},
    Merged{"Antarctica/DumontDUrville", "Pacific/Port_Moresby"},
    Merged{"Antarctica/McMurdo", "Pacific/Auckland"},
    Merged{"Antarctica/Syowa", "Asia/Riyadh"},
    Merged{"Asia/Aden", "Asia/Riyadh"},
    Merged{"Asia/Bahrain", "Asia/Qatar"},
    Merged{"Asia/Brunei", "Asia/Kuching"},
    Merged{"Asia/Kuala_Lumpur", "Asia/Singapore"},
    Merged{"Asia/Kuwait", "Asia/Riyadh"},
    Merged{"Asia/Muscat", "Asia/Dubai"},
    Merged{"Asia/Phnom_Penh", "Asia/Bangkok"},
    Merged{"Asia/Vientiane", "Asia/Bangkok"},
    Merged{"Atlantic/Reykjavik", "Africa/Abidjan"},
    Merged{"Atlantic/St_Helena", "Africa/Abidjan"},
    Merged{"Europe/Amsterdam", "Europe/Brussels"},
    Merged{"Europe/Copenhagen", "Europe/Berlin"},
    Merged{"Europe/Guernsey", "Europe/London"},
    Merged{"Europe/Isle_of_Man", "Europe/London"},
    Merged{"Europe/Jersey", "Europe/London"},
    Merged{"Europe/Ljubljana", "Europe/Belgrade"},
    Merged{"Europe/Luxembourg", "Europe/Brussels"},
    Merged{"Europe/Monaco", "Europe/Paris"},
    Merged{"Europe/Oslo", "Europe/Berlin"},
    Merged{"Europe/Sarajevo", "Europe/Belgrade"},
    Merged{"Europe/Skopje", "Europe/Belgrade"},
    Merged{"Europe/Stockholm", "Europe/Berlin"},
    Merged{"Europe/Vaduz", "Europe/Zurich"},
    Merged{"Europe/Zagreb", "Europe/Belgrade"},
    Merged{"Indian/Antananarivo", "Africa/Nairobi"},
    Merged{"Indian/Christmas", "Asia/Bangkok"},
    Merged{"Indian/Cocos", "Asia/Yangon"},
    Merged{"Indian/Comoro", "Africa/Nairobi"},
    Merged{"Indian/Kerguelen", "Indian/Maldives"},
    Merged{"Indian/Mahe", "Asia/Dubai"},
    Merged{"Indian/Mayotte", "Africa/Nairobi"},
    Merged{"Indian/Reunion", "Asia/Dubai"},
    Merged{"Pacific/Chuuk", "Pacific/Port_Moresby"},
    Merged{"Pacific/Funafuti", "Pacific/Tarawa"},
    Merged{"Pacific/Majuro", "Pacific/Tarawa"},
    Merged{"Pacific/Midway", "Pacific/Pago_Pago"},
    Merged{"Pacific/Pohnpei", "Pacific/Guadalcanal"},
    Merged{"Pacific/Saipan", "Pacific/Guam"},
    Merged{"Pacific/Wake", "Pacific/Tarawa"},
    Merged{"Pacific/Wallis", "Pacific/Tarawa"},
};
static_assert(std::ranges::is_sorted(table, {}, &Merged::name));

}  // namespace

std::string_view merged_into(std::string_view name) {
  const auto at = std::ranges::lower_bound(table, name, {}, &Merged::name);
  return at != table.end() && at->name == name ? at->into : name;
}

}  // namespace packhouse
