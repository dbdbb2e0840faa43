#include "server/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace packhouse::server {
namespace {

namespace asio = boost::asio;

std::string openssl_reason() {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = ERR_reason_error_string(code);
  std::string text = reason ? reason : code ? "error " + std::to_string(code) : "unknown";
  ERR_clear_error();
  return text;
}

Result<void> check_readable(std::string_view setting, const std::string& file) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  char first = 0;
  if (in && in.get(first)) return ok;
  const std::string reason = errno != 0 ? std::strerror(errno) : "it is empty";
  return fail(Status::argument_error, "setting " + std::string(setting) + ": cannot read " + file + ": " + reason);
}

/// A key with a passphrase is an error, not a question on the terminal.
int no_passphrase(char*, int, int, void*) { return 0; }

}  // namespace

void TlsRelease::operator()(SSL* session) const { SSL_free(session); }
void TlsRelease::operator()(SSL_CTX* context) const { SSL_CTX_free(context); }

Result<std::unique_ptr<TlsContext>> TlsContext::load(std::string certificate, std::string key) {
  std::unique_ptr<TlsContext> made(new TlsContext(std::move(certificate), std::move(key)));
  PACKHOUSE_CHECK(made->reload());
  return made;
}

Result<void> TlsContext::reload() {
  PACKHOUSE_TRY(Context fresh, read_files());
  const std::scoped_lock lock(mutex_);
  context_ = std::move(fresh);
  return ok;
}

/// TLS 1.2 with forward secrecy and authenticated encryption, or 1.3. No session is resumed: drivers pool connections.
Result<TlsContext::Context> TlsContext::read_files() const {
  PACKHOUSE_CHECK(check_readable("tls_certificate", certificate_));
  PACKHOUSE_CHECK(check_readable("tls_key", key_));
  ERR_clear_error();
  Context context(SSL_CTX_new(TLS_server_method()));
  if (!context) return fail(Status::internal, "TLS is not available: " + openssl_reason());
  SSL_CTX* c = context.get();
  SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(c, "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set_options(c, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_num_tickets(c, 0);
  SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(c, 1);
  SSL_CTX_set_default_passwd_cb(c, no_passphrase);
  if (SSL_CTX_use_certificate_chain_file(c, certificate_.c_str()) != 1) {
    return fail(Status::argument_error, "setting tls_certificate: " + certificate_ + " holds no certificate in PEM form: " + openssl_reason());
  }
  if (SSL_CTX_use_PrivateKey_file(c, key_.c_str(), SSL_FILETYPE_PEM) != 1 || SSL_CTX_check_private_key(c) != 1) {
    return fail(Status::argument_error, "setting tls_key: " + key_ + " holds no key in PEM form without passphrase that belongs to " +
                                            certificate_ + ": " + openssl_reason());
  }
  return context;
}

std::unique_ptr<SSL, TlsRelease> TlsContext::session() const {
  const std::scoped_lock lock(mutex_);
  return std::unique_ptr<SSL, TlsRelease>(SSL_new(context_.get()));
}

/// Lets OpenSSL read and write the socket: first what was read ahead, and without SIGPIPE.
struct SocketBio {
  static int read(BIO* bio, char* to, std::size_t n, std::size_t* got) {
    auto& stream = *static_cast<TlsStream*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    if (!stream.ahead_.empty()) {
      *got = stream.ahead_.copy(to, n, stream.ahead_taken_);
      stream.ahead_taken_ += *got;
      if (stream.ahead_taken_ == stream.ahead_.size()) stream.ahead_ = std::string();
      return 1;
    }
    const auto done = ::recv(stream.socket_, to, n, 0);
    *got = done > 0 ? static_cast<std::size_t>(done) : 0;
    if (done < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) BIO_set_retry_read(bio);
    return done > 0;
  }
  static int write(BIO* bio, const char* from, std::size_t n, std::size_t* written) {
    auto& stream = *static_cast<TlsStream*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    const auto done = ::send(stream.socket_, from, n, MSG_NOSIGNAL);
    *written = done > 0 ? static_cast<std::size_t>(done) : 0;
    if (done < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) BIO_set_retry_write(bio);
    return done > 0;
  }
  static long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

  static BIO_METHOD* method() {
    static BIO_METHOD* made = [] {
      BIO_METHOD* m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "packhouse socket");
      BIO_meth_set_read_ex(m, read);
      BIO_meth_set_write_ex(m, write);
      BIO_meth_set_ctrl(m, control);
      return m;
    }();
    return made;
  }
};

TlsStream::TlsStream(const TlsContext& context, int socket, Bytes ahead)
    : socket_(socket), ahead_(reinterpret_cast<const char*>(ahead.data()), ahead.size()), session_(context.session()) {
  BIO* bio = BIO_new(SocketBio::method());
  if (!bio || !session_) {
    BIO_free(bio);
    throw std::bad_alloc();
  }
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(session_.get(), bio, bio);
  SSL_set_accept_state(session_.get());
}

TlsStream::~TlsStream() = default;

boost::system::error_code TlsStream::outcome(int result) {
  const int kind = SSL_get_error(session_.get(), result);
  wants_write_ = kind == SSL_ERROR_WANT_WRITE;
  switch (kind) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE: return asio::error::would_block;
    case SSL_ERROR_ZERO_RETURN: return asio::error::eof;
    default:
      broken_ = true;
      if (ERR_peek_error() == 0) return asio::error::eof;
      trouble_ = openssl_reason();
      return asio::error::connection_aborted;
  }
}

std::size_t TlsStream::read(std::span<std::byte> into, boost::system::error_code& error) {
  ERR_clear_error();
  std::size_t n = 0;
  const int result = SSL_read_ex(session_.get(), into.data(), into.size(), &n);
  wants_write_ = false;
  error = result == 1 ? boost::system::error_code() : outcome(result);
  return n;
}

std::size_t TlsStream::write(Bytes bytes, boost::system::error_code& error) {
  ERR_clear_error();
  std::size_t n = 0;
  const int result = SSL_write_ex(session_.get(), bytes.data(), bytes.size(), &n);
  error = result == 1 ? boost::system::error_code() : outcome(result);
  return n;
}

void TlsStream::close_notify() {
  if (broken_ || !established()) return;
  ERR_clear_error();
  SSL_shutdown(session_.get());
  ERR_clear_error();
}

bool TlsStream::buffered() const { return SSL_has_pending(session_.get()) == 1; }

bool TlsStream::established() const { return SSL_is_init_finished(session_.get()) == 1; }

}  // namespace packhouse::server
