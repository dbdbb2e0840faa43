#pragma once
#include <boost/system/error_code.hpp>
#include <memory>
#include <mutex>
#include <span>
#include <string>

#include "base/bytes.hpp"
#include "base/error.hpp"

// OpenSSL's own names, so that its headers stay in tls.cpp.
using SSL = struct ssl_st;
using SSL_CTX = struct ssl_ctx_st;

namespace packhouse::server {

struct TlsRelease {
  void operator()(SSL* session) const;
  void operator()(SSL_CTX* context) const;
};

/// The server's certificate and key, which can be read anew while it runs. Thread-safe.
class TlsContext {
 public:
  /// Reads two PEM files; the certificate's may hold the chain. Errors (argument_error) name the setting and the file.
  static Result<std::unique_ptr<TlsContext>> load(std::string certificate, std::string key);

  /// Reads both files again, for sessions from now on. On errors everything stays as it was.
  Result<void> reload();
  std::unique_ptr<SSL, TlsRelease> session() const;

 private:
  using Context = std::unique_ptr<SSL_CTX, TlsRelease>;
  TlsContext(std::string certificate, std::string key) : certificate_(std::move(certificate)), key_(std::move(key)) {}
  Result<Context> read_files() const;

  const std::string certificate_, key_;
  mutable std::mutex mutex_;
  Context context_;  // what begins with it keeps it
};

/// The server's side of TLS on a non-blocking socket; the handshake is done by the first reads. Behaves as the socket does:
/// would_block means that the socket has to be waited for. Keeps no buffers while nothing is under way. Belongs to one thread.
class TlsStream {
 public:
  /// `ahead`: what was already read from the socket. The socket stays the caller's.
  TlsStream(const TlsContext& context, int socket, Bytes ahead);
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;
  ~TlsStream();

  std::size_t read(std::span<std::byte> into, boost::system::error_code& error);
  /// May write less. After would_block the next call must begin with the same bytes.
  std::size_t write(Bytes bytes, boost::system::error_code& error);
  /// Says to the peer, if the socket takes it, that nothing more will come.
  void close_notify();

  /// There may be something to read although the socket has nothing.
  bool buffered() const;
  /// read() would_block because the handshake has to write.
  bool wants_write() const { return wants_write_; }
  bool established() const;
  /// Why it broke, for the log; empty when it didn't.
  const std::string& trouble() const { return trouble_; }

 private:
  friend struct SocketBio;
  boost::system::error_code outcome(int result);

  int socket_;
  std::string ahead_;
  std::size_t ahead_taken_ = 0;
  bool wants_write_ = false, broken_ = false;
  std::string trouble_;
  std::unique_ptr<SSL, TlsRelease> session_;
};

}  // namespace packhouse::server
