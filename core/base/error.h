// Kafka's errors as values.
//
// Codes below 1000 are the protocol's (Kafka: Errors); from 1000 up stand the exception classes that only
// exist inside a client. The table in error.cpp gives each code its names and families.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sendscope {

enum class ErrorCode : std::int16_t {
#define SENDSCOPE_ERROR(id, value, name, java_class, families, text) id = value,
#include "core/base/errors.def"
#undef SENDSCOPE_ERROR
};

// Families of Kafka's exception classes, as a set of bits.
enum ErrorFamily : unsigned {
  kNotApi = 0,                  // a KafkaException that is not an ApiException, or a Java runtime exception
  kApi = 1u << 0,               // ApiException
  kRetriable = 1u << 1,         // RetriableException
  kInvalidMetadata = 1u << 2,   // InvalidMetadataException: a retriable error that asks for fresh metadata
  kAuthorization = 1u << 3,     // AuthorizationException
  kAuthentication = 1u << 4,    // AuthenticationException
  kTimeoutFamily = 1u << 5,     // TimeoutException and its children
  kRefreshRetriable = 1u << 6,  // KIP-1050
  kApplicationRecoverable = 1u << 7,
  kInvalidConfiguration = 1u << 8,
  kRuntime = 1u << 9,  // a Java runtime exception outside KafkaException
};

struct ErrorRow {
  ErrorCode code;
  std::string_view name;        // as in Kafka's Errors; client-only codes have a name of the same form
  std::string_view java_class;  // simple name of the exception class
  unsigned families;
  std::string_view text;  // default message
};

// The row of a code; an unknown code gets the row of UNKNOWN_SERVER_ERROR.
const ErrorRow& error_row(ErrorCode code);
// Maps a code read from the wire: unknown ones become kUnknownServerError.
ErrorCode error_from_wire(std::int16_t code);
// nullptr when no row has this name ("NOT_LEADER_OR_FOLLOWER") or this Java class ("TimeoutException").
const ErrorRow* find_error(std::string_view name_or_class);

inline bool is_retriable(ErrorCode code) { return (error_row(code).families & kRetriable) != 0; }
inline bool is_invalid_metadata(ErrorCode code) { return (error_row(code).families & kInvalidMetadata) != 0; }
inline bool is_api(ErrorCode code) { return (error_row(code).families & kApi) != 0; }

struct Error {
  ErrorCode code;
  std::string message;             // what a person reads; names the thing and the rule
  ErrorCode cause = ErrorCode{0};  // kNone: no cause

  Error(ErrorCode code_, std::string message_ = {}, ErrorCode cause_ = ErrorCode{0})
      : code(code_), message(std::move(message_)), cause(cause_) {
    if (message.empty()) message = std::string(error_row(code).text);
  }
};

}  // namespace sendscope
