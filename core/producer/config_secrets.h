// Configuration values that nobody may see: Kafka's type Password, keys that look like one, and secrets
// inside other values. Nothing in the house reads them, so they are not kept either. Source: Kafka
// org.apache.kafka.common.config.types.Password, ConfigDef.Type.PASSWORD.
//
// Thread-safety: any thread; pure functions of their arguments.
#pragma once

#include <string>
#include <string_view>

namespace sendscope {

// What stands for a secret. Kafka: Password.HIDDEN.
inline constexpr std::string_view kHidden = "[hidden]";

// The name is that of a password, or like one ("api_key", "client.secret"). Keys of Kafka's table are what
// the table says, whatever their names.
bool sounds_secret(std::string_view key);

// As sounds_secret(), and for a misspelt key also when the key of the table that is nearest to it is a
// secret.
bool is_secret_config_key(std::string_view key);

// The text without the secrets in it: "user:password@" before a host, "secret=..." up to its end, private
// keys.
std::string hide_secrets_in(std::string_view text);

// A value as it may be shown, recorded and quoted.
std::string shown_config_value(std::string_view key, std::string_view value);

}  // namespace sendscope
