import HTTPTypes
import Hummingbird
import Locker
import Logging

/// Turns every error into a problem document.
struct ProblemMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: GatewayContext, next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let problem as Problem {
            return try problem.response(from: request, context: context)
        } catch CatalogueError.badCursor {
            return try Problem.badCursor.response(from: request, context: context)
        } catch CatalogueError.textWithZero {
            return try Problem.badRequest(PlainText.advice).response(from: request, context: context)
        } catch CatalogueError.noSuchTrack {
            return try Problem.notFound().response(from: request, context: context)
        } catch CatalogueError.noRoom {
            return try Problem.noRoom.response(from: request, context: context)
        } catch let error as HTTPError where error.status == .notFound {
            return try Problem.notFound().response(from: request, context: context)
        } catch let error where !(error is CancellationError) {
            context.logger.error("request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            let problem = Problem(status: .internalServerError, detail: "the server failed to answer; its log says why")
            return try problem.response(from: request, context: context)
        }
    }
}
