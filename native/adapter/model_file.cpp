#include "adapter/model_file.hpp"

#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapter/sha256.hpp"
#include "operations/error.hpp"

namespace dred::adapter {
namespace {

using Json = nlohmann::json;

constexpr std::array<const char*, 8> kTableNames = {
    "latent_quant_scales_q8", "latent_dead_zone_q8", "latent_r_q8", "latent_p0_q8",
    "state_quant_scales_q8",  "state_dead_zone_q8",  "state_r_q8",  "state_p0_q8"};

[[nodiscard]] std::vector<std::uint8_t> read_table(const Json& rows) {
  std::vector<std::uint8_t> table;
  for (const Json& row : rows) {
    for (const Json& entry : row) {
      if (!entry.is_number_integer() || entry < 0 || entry > 255)
        throw ModelFileError("a table entry is not an integer in 0..255");
      table.push_back(entry.get<std::uint8_t>());
    }
  }
  return table;
}

[[nodiscard]] std::optional<std::vector<std::uint8_t>> read_weights(const Json& file,
                                                                    const std::filesystem::path& folder) {
  if (!file.contains("weights") || file.at("weights").is_null()) return std::nullopt;
  const auto name = file.at("weights").at("file").get<std::string>();
  const bool is_plain = !name.empty() && name != "." && name != ".." &&
                        name.find_first_of(std::string_view("/\\:\0", 4)) == std::string::npos;
  if (!is_plain) throw ModelFileError("weights.file does not name a file in the folder");
  std::ifstream stream(folder / name, std::ios::binary);
  if (!stream) throw ModelFileError(name + " cannot be read");
  std::vector<std::uint8_t> blob((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  if (file.at("weights").at("sha256") != sha256_hex(blob)) throw ModelFileError(name + " is not of its hash");
  return blob;
}

[[nodiscard]] Model read_model(const Json& file, const std::filesystem::path& folder) {
  if (file.at("format") != "dred-model/1") throw ModelFileError("the format is not 'dred-model/1'");
  if (file.at("levels") != kLevels) throw ModelFileError("the model does not have 16 levels");
  EightTables tables;
  std::vector<std::uint8_t> hashed;
  for (std::size_t i = 0; i < kTableNames.size(); ++i) {
    tables[i] = read_table(file.at("tables").at(kTableNames[i]));
    hashed.insert(hashed.end(), tables[i].begin(), tables[i].end());
  }
  if (file.at("tables_sha256") != sha256_hex(hashed))
    throw ModelFileError("tables_sha256 is not the tables' hash");
  const auto name = file.at("name").get<std::string>();
  const auto latent_dim = file.at("latent_dim").get<std::int64_t>();
  const auto state_dim = file.at("state_dim").get<std::int64_t>();
  return make_model(name, latent_dim, state_dim, std::move(tables), read_weights(file, folder));
}

}  // namespace

Model load_model(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "model.json";
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw ModelFileError(path.string() + ": cannot be read");
  try {
    return read_model(Json::parse(stream), folder);
  } catch (const Json::exception& error) {
    throw ModelFileError(path.string() + ": " + error.what());
  } catch (const Error& error) {
    throw ModelFileError(path.string() + ": " + error.what());
  } catch (const ModelFileError& error) {
    throw ModelFileError(path.string() + ": " + error.what());
  }
}

}  // namespace dred::adapter
